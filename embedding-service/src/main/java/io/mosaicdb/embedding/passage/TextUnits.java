package io.mosaicdb.embedding.passage;

import io.mosaicdb.embedding.backend.TokenCounter;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Divides a text into the units that passages are made of: sentences; of a sentence that exceeds
 * the budget its lines, of such a line its words, and of such a word pieces. Units do not begin or
 * end with white space and together hold everything else of the text.
 */
final class TextUnits {

  /** From start to end, exclusive, in Java chars. */
  record Unit(int start, int end, int tokens) {}

  private final String text;
  private final TokenCounter counter;
  private final int budget;
  private final List<Unit> units = new ArrayList<>();

  private TextUnits(String text, TokenCounter counter, int budget) {
    this.text = text;
    this.counter = counter;
    this.budget = budget;
  }

  static List<Unit> of(String text, TokenCounter counter, int budget) {
    var division = new TextUnits(text, counter, budget);
    var sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
    sentences.setText(text);
    int start = sentences.first();
    for (int end = sentences.next(); end != BreakIterator.DONE; end = sentences.next()) {
      division.addSentence(start, end);
      start = end;
    }
    return division.units;
  }

  /** The two halves of a unit, parted between code points; the unit alone if it has only one. */
  static List<Unit> halves(String text, TokenCounter counter, Unit unit) {
    int middle = (unit.start + unit.end) >>> 1;
    if (middle > unit.start && splitsPair(text, middle)) {
      middle--;
    }
    if (middle == unit.start) {
      return List.of(unit);
    }
    return List.of(
        new Unit(unit.start, middle, counter.count(text.substring(unit.start, middle))),
        new Unit(middle, unit.end, counter.count(text.substring(middle, unit.end))));
  }

  private void addSentence(int start, int end) {
    if (!addIfFits(start, end)) {
      int lineStart = start;
      for (int i = start; i < end; i++) {
        if (text.charAt(i) == '\n') {
          addLine(lineStart, i);
          lineStart = i + 1;
        }
      }
      addLine(lineStart, end);
    }
  }

  private void addLine(int start, int end) {
    if (!addIfFits(start, end)) {
      int wordStart = start;
      for (int i = start; i < end; i++) {
        if (Character.isWhitespace(text.charAt(i))) {
          addWord(wordStart, i);
          wordStart = i + 1;
        }
      }
      addWord(wordStart, end);
    }
  }

  private void addWord(int start, int end) {
    if (addIfFits(start, end)) {
      return;
    }
    List<Unit> halves = halves(text, counter, new Unit(start, end, budget + 1));
    if (halves.size() == 1) {
      units.add(halves.getFirst());
      return;
    }
    for (Unit half : halves) {
      addWord(half.start, half.end);
    }
  }

  /** Adds the range, without white space at its ends, if it has at most the budget's tokens. */
  private boolean addIfFits(int from, int to) {
    int start = from;
    int end = to;
    while (start < end && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    while (start < end && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    if (start == end) {
      return true;
    }
    // Counting a range that is surely too long would tokenize it once more for nothing.
    if (end - start > budget * 24L) {
      return false;
    }
    int tokens = counter.count(text.substring(start, end));
    if (tokens > budget) {
      return false;
    }
    units.add(new Unit(start, end, tokens));
    return true;
  }

  private static boolean splitsPair(String text, int index) {
    return Character.isLowSurrogate(text.charAt(index))
        && Character.isHighSurrogate(text.charAt(index - 1));
  }
}
