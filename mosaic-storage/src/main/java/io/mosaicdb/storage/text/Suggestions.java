package io.mosaicdb.storage.text;

import io.mosaicdb.model.words.WordClause;
import io.mosaicdb.model.words.WordSyntax;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the words of a segment can add to what a user has typed: completions of the last word, and
 * for every word those near it, so that a caller that brings segments together can say what was
 * meant. Words are shown as documents spell them, in lower case unless the field keeps case; stop
 * words are neither completed nor corrected. Fields that are analyzed differently know a word each
 * in their documents: the greater number counts.
 */
public final class Suggestions {
  /** Words of one text that are looked at. */
  public static final int MAXIMUM_WORDS = 16;

  private static final int NEAR_PER_WORD = 20;

  private Suggestions() {}

  /** A word of the text, where it stands in it, and what is known of it. */
  public record TypedWord(int start, int end, long documents, List<NearWord> near) {}

  /** A word near a typed one. */
  public record NearWord(String word, long documents, int edits) {}

  /** What the last word of a text may become, and where in the text that stands. */
  public record Completion(int start, int end, List<WordCount> words) {}

  /** The words that start with the last word of {@code text}, the most frequent first. */
  public static Completion complete(TextSegment segment, String text, int limit) {
    int start = 0;
    int end = 0;
    var words = new HashMap<String, Long>();
    for (var group : segment.fields().groups()) {
      var typed = group.asTyped().analyzeWords(text);
      if (typed.isEmpty()) {
        continue;
      }
      var last = typed.getLast();
      start = last.token().start();
      end = last.token().end();
      for (var word : segment.wordsStartingWith(group.number(), last.word(), limit)) {
        words.merge(word.word(), word.documents(), Math::max);
      }
    }
    return new Completion(start, end, mostFrequent(words, limit));
  }

  /**
   * The words of {@code text} that are long enough to be mistyped, with those near them. What is
   * only the beginning of a word, and what must not occur, is left alone.
   */
  public static List<TypedWord> near(TextSegment segment, String text) {
    var byStart = new TreeMap<Integer, TypedWord>();
    for (var clause : WordSyntax.read(text, segment.fields()::contains)) {
      if (clause instanceof WordClause.Prefix
          || clause.occurrence() == WordClause.Occurrence.MUST_NOT) {
        continue;
      }
      for (var group : segment.fields().groups()) {
        if (!group.analysis().makesPairs()) {
          addNear(segment, group, clause, byStart);
        }
      }
    }
    return List.copyOf(byStart.values());
  }

  private static void addNear(
      TextSegment segment, FieldGroup group, WordClause clause, Map<Integer, TypedWord> byStart) {
    for (var typed : group.analysis().analyzeWords(clause.text())) {
      int start = clause.start() + typed.token().start();
      int edits = TextQueryParser.editsAllowed(typed.word());
      boolean full = byStart.size() == MAXIMUM_WORDS && !byStart.containsKey(start);
      if (edits > 0 && !full) {
        int end = clause.start() + typed.token().end();
        byStart.merge(start, near(segment, group, typed, start, end, edits), Suggestions::merge);
      }
    }
  }

  private static TypedWord near(
      TextSegment segment,
      FieldGroup group,
      TextAnalysis.WordToken typed,
      int start,
      int end,
      int edits) {
    var one = WordAutomaton.of(typed.word(), 1);
    long documents = 0;
    var near = new ArrayList<NearWord>();
    for (var word : segment.wordsNear(group.number(), typed.word(), edits, NEAR_PER_WORD)) {
      if (word.word().equals(typed.word())) {
        documents = word.documents();
      } else {
        near.add(new NearWord(word.word(), word.documents(), one.accepts(word.word()) ? 1 : 2));
      }
    }
    return new TypedWord(start, end, documents, near);
  }

  private static TypedWord merge(TypedWord one, TypedWord other) {
    var near = new HashMap<String, NearWord>();
    for (var words : List.of(one.near, other.near)) {
      for (var word : words) {
        near.merge(word.word, word, (a, b) -> a.documents >= b.documents ? a : b);
      }
    }
    return new TypedWord(
        one.start, one.end, Math.max(one.documents, other.documents), List.copyOf(near.values()));
  }

  private static List<WordCount> mostFrequent(Map<String, Long> words, int limit) {
    return words.entrySet().stream()
        .map(entry -> new WordCount(entry.getKey(), entry.getValue()))
        .sorted(
            Comparator.comparingLong(WordCount::documents)
                .reversed()
                .thenComparing(WordCount::word))
        .limit(limit)
        .toList();
  }
}
