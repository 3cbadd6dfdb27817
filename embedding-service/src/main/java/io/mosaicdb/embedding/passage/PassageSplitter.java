package io.mosaicdb.embedding.passage;

import io.mosaicdb.embedding.backend.TokenCounter;
import io.mosaicdb.embedding.passage.TextUnits.Unit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits texts into passages of at most a number of tokens, title and prefix included. Safe for use
 * by several threads.
 */
public final class PassageSplitter {
  private final TokenCounter counter;
  private final String prefix;
  private final int maxTokens;
  private final int overlapTokens;

  /**
   * @param maxTokens of a passage as the model reads it, with the tokens that the model adds
   * @param overlapTokens up to how many tokens of a passage's end the next one begins with, in
   *     whole sentences
   */
  public PassageSplitter(TokenCounter counter, String prefix, int maxTokens, int overlapTokens) {
    if (overlapTokens < 0 || overlapTokens > maxTokens / 2) {
      throw new IllegalArgumentException(
          "passage overlap must be between 0 and half of the passage's "
              + maxTokens
              + " tokens, got "
              + overlapTokens);
    }
    this.counter = counter;
    this.prefix = prefix;
    this.maxTokens = maxTokens;
    this.overlapTokens = overlapTokens;
  }

  /**
   * The passages by ascending start, which cover all of the text but white space. A text of nothing
   * else gives one passage from 0 to 0 that holds the title, or none if the title is blank as well.
   * A title may take a quarter of a passage; of a longer one the model reads the beginning.
   */
  public List<Passage> split(@Nullable String title, String text) {
    String head = title == null ? "" : beginning(title.strip(), maxTokens / 4);
    if (text.isBlank()) {
      return head.isEmpty() ? List.of() : List.of(new Passage(0, 0, prefix + head));
    }
    String before = head.isEmpty() ? prefix : prefix + head + "\n";
    int budget = maxTokens - counter.added() - counter.count(before);
    return pack(text, before, TextUnits.of(text, counter, budget), budget);
  }

  /** The longest beginning of a text, in whole words if it can, of at most so many tokens. */
  public String beginning(String text, int tokens) {
    // No tokenizer makes fewer tokens of more characters than this but of a single endless word.
    String head = text.length() > tokens * 24L ? text.substring(0, tokens * 24) : text;
    if (counter.count(head) <= tokens) {
      return head.length() == text.length() ? text : wholeCodePoints(head);
    }
    int fits = 0;
    int tooLong = head.length();
    while (tooLong - fits > 1) {
      int middle = (fits + tooLong) >>> 1;
      if (counter.count(wholeCodePoints(head.substring(0, middle))) <= tokens) {
        fits = middle;
      } else {
        tooLong = middle;
      }
    }
    int wordEnd = fits;
    while (wordEnd > 0 && !Character.isWhitespace(head.charAt(wordEnd))) {
      wordEnd--;
    }
    return wholeCodePoints(head.substring(0, wordEnd > 0 ? wordEnd : fits)).strip();
  }

  private List<Passage> pack(String text, String before, List<Unit> units, int budget) {
    var passages = new ArrayList<Passage>();
    int first = 0;
    int fresh = 0; // The first unit that no passage holds yet.
    while (true) {
      int last = first;
      int sum = units.get(first).tokens();
      while (last + 1 < units.size() && sum + units.get(last + 1).tokens() <= budget) {
        last++;
        sum += units.get(last).tokens();
      }
      // Tokens of neighbours may join differently than apart, so what is sent is what is counted.
      String embedded = before + stretch(text, units, first, last);
      while (first < last && exceeds(embedded)) {
        if (last > fresh) {
          last--;
        } else {
          first++;
        }
        embedded = before + stretch(text, units, first, last);
      }
      if (exceeds(embedded)) {
        List<Unit> halves = TextUnits.halves(text, counter, units.get(first));
        if (halves.size() > 1) {
          units.remove(first);
          units.addAll(first, halves);
          continue;
        }
      }
      passages.add(new Passage(units.get(first).start(), units.get(last).end(), embedded));
      fresh = last + 1;
      if (fresh == units.size()) {
        return passages;
      }
      first = overlapped(units, first, last, budget);
    }
  }

  /** Where the passage after the one from first to last begins: it holds the unit after last. */
  private int overlapped(List<Unit> units, int first, int last, int budget) {
    int room = Math.min(overlapTokens, budget - units.get(last + 1).tokens());
    int next = last + 1;
    while (next - 1 > first && units.get(next - 1).tokens() <= room) {
      next--;
      room -= units.get(next).tokens();
    }
    return next;
  }

  private boolean exceeds(String embedded) {
    return counter.count(embedded) + counter.added() > maxTokens;
  }

  private static String stretch(String text, List<Unit> units, int first, int last) {
    return text.substring(units.get(first).start(), units.get(last).end());
  }

  private static String wholeCodePoints(String text) {
    return !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1))
        ? text.substring(0, text.length() - 1)
        : text;
  }
}
