package io.mosaicdb.storage.text;

import io.mosaicdb.model.words.WordClause;
import io.mosaicdb.model.words.WordSyntax;
import io.mosaicdb.storage.bits.OrdinalSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the words of a segment can add to what a user has typed: completions of the last word, and
 * for every word those near it, so that a caller that brings segments together can say what was
 * meant. Words are shown as documents spell them, in lower case unless the field keeps case; stop
 * words are neither completed nor corrected. Fields that are analyzed differently know a word each
 * in their documents: the greater number counts.
 *
 * <p>A word beside others is judged by their company: {@code together} counts the documents that
 * have it with the rest of the text, so that "bloom fil" becomes a filter and not a file.
 */
public final class Suggestions {
  /** Words of one text that are looked at. */
  public static final int MAXIMUM_WORDS = 16;

  private static final int NEAR_PER_WORD = 20;

  // Only of a word this much rarer than one near it is it asked in which company that is.
  private static final int MUCH_MORE_FREQUENT = 100;

  private Suggestions() {}

  /** A word of the text, where it stands in it, and what is known of it. */
  public record TypedWord(int start, int end, long documents, List<NearWord> near) {
    private boolean mayMean(NearWord word) {
      return word.documents >= MUCH_MORE_FREQUENT * documents;
    }
  }

  /**
   * A word near a typed one.
   *
   * @param together the documents that have it and each of the text's other words, or one near it
   */
  public record NearWord(String word, long documents, long together, int edits) {}

  /**
   * A word that starts as the last of a text does.
   *
   * @param together the documents that have it and all words before it
   */
  public record CompletedWord(String word, long documents, long together) {}

  /** What the last word of a text may become, and where in the text that stands. */
  public record Completion(int start, int end, List<CompletedWord> words) {}

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
    var before = start == 0 ? null : documentsWithAll(segment, text.substring(0, start));
    return new Completion(
        start,
        end,
        mostFrequent(words, limit).stream()
            .map(word ->
                new CompletedWord(
                    word.word(), word.documents(), together(segment, word.word(), before)))
            .toList());
  }

  /** Null where the text has no word that narrows anything. */
  private static @Nullable OrdinalSet documentsWithAll(TextSegment segment, String text) {
    var query =
        new TextQueryParser(segment.fields())
            .parse(text, new TextQueryParser.Options(true, false, null));
    return query.isNothing() ? null : segment.matching(query);
  }

  private static long together(TextSegment segment, String word, @Nullable OrdinalSet company) {
    if (company == null) {
      return 0;
    }
    var documents = documentsWithAll(segment, word);
    return documents == null ? 0 : documents.and(company).cardinality();
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
    return byStart.size() < 2
        ? List.copyOf(byStart.values())
        : inCompany(segment, text, List.copyOf(byStart.values()));
  }

  /** Counts for the words that may be meant in how many documents they meet the other words. */
  private static List<TypedWord> inCompany(
      TextSegment segment, String text, List<TypedWord> words) {
    if (words.stream().noneMatch(word -> word.near.stream().anyMatch(word::mayMean))) {
      return words;
    }
    var spellings = words.stream().map(word -> documentsWithAny(segment, text, word)).toList();
    var counted = new ArrayList<TypedWord>();
    for (int i = 0; i < words.size(); i++) {
      var word = words.get(i);
      var company = OrdinalSet.all(segment.documentCount());
      for (int other = 0; other < words.size(); other++) {
        if (other != i) {
          company = company.and(spellings.get(other));
        }
      }
      var met = company;
      counted.add(
          new TypedWord(
              word.start,
              word.end,
              word.documents,
              word.near.stream()
                  .map(near ->
                      word.mayMean(near)
                          ? new NearWord(
                              near.word,
                              near.documents,
                              together(segment, near.word, met),
                              near.edits)
                          : near)
                  .toList()));
    }
    return counted;
  }

  /** The documents with a word as typed, or as it may be meant. */
  private static OrdinalSet documentsWithAny(TextSegment segment, String text, TypedWord word) {
    var words = new long[OrdinalSet.wordsFor(segment.documentCount())];
    add(words, documentsWithAll(segment, text.substring(word.start, word.end)));
    for (var near : word.near) {
      if (word.mayMean(near)) {
        add(words, documentsWithAll(segment, near.word));
      }
    }
    return OrdinalSet.wrap(words, segment.documentCount());
  }

  private static void add(long[] words, @Nullable OrdinalSet documents) {
    if (documents != null) {
      var added = documents.words();
      for (int i = 0; i < added.length; i++) {
        words[i] |= added[i];
      }
    }
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
        near.add(new NearWord(word.word(), word.documents(), 0, one.accepts(word.word()) ? 1 : 2));
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
