package io.mosaicdb.storage.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * What is asked of the words of documents: a tree of analyzed terms. Leaves name the fields that
 * they read, which must be analyzed alike (a word that two analyzers see differently is a {@link
 * Bool} of one {@link Term} each).
 *
 * <p>A document's score is the sum over all leaves that it contains, those under {@code mustNot}
 * excepted; a leaf named twice counts twice.
 */
public sealed interface TextQuery {
  /** A query that reads postings. */
  sealed interface Leaf extends TextQuery {
    List<String> fields();

    /** Names the leaf in {@link CollectionStatistics#documentFrequencies()}. */
    String key();
  }

  /** Documents with {@code term} in any of {@code fields}. */
  record Term(List<String> fields, String term) implements Leaf {
    public Term {
      fields = checked(fields);
    }

    @Override
    public String key() {
      return String.join(",", fields) + ":" + term;
    }
  }

  /**
   * Documents with a term that starts with {@code prefix}, scored as if all such terms were one. Of
   * each segment's dictionary the first {@value #MAXIMUM_TERMS} such terms count.
   */
  record Prefix(List<String> fields, String prefix) implements Leaf {
    public static final int MAXIMUM_TERMS = 1_024;

    public Prefix {
      fields = checked(fields);
      if (prefix.isEmpty()) {
        throw new IllegalArgumentException("prefix must not be empty");
      }
    }

    @Override
    public String key() {
      return String.join(",", fields) + ":" + prefix + "*";
    }
  }

  /**
   * Documents with all terms at these positions relative to each other in one of {@code fields}.
   * Scored as a term whose frequency is the phrase's and whose idf is the sum of its terms' idf.
   */
  record Phrase(List<String> fields, List<PhraseTerm> terms) implements Leaf {
    public Phrase {
      fields = checked(fields);
      terms = List.copyOf(terms);
      if (terms.isEmpty()) {
        throw new IllegalArgumentException("a phrase needs at least one term");
      }
    }

    @Override
    public String key() {
      var key = new StringBuilder(String.join(",", fields)).append(":\"");
      for (var term : terms) {
        key.append(term.position()).append('=').append(term.term()).append(' ');
      }
      return key.append('"').toString();
    }

    Term term(PhraseTerm term) {
      return new Term(fields, term.term());
    }
  }

  /** A term of a phrase and its place within it. */
  record PhraseTerm(String term, int position) {}

  /**
   * Documents that match all of {@code must}, none of {@code mustNot}, and at least {@code
   * minimumShouldMatch} of {@code should}; where {@code must} is empty, at least one. Without
   * {@code must} and {@code should} nothing matches.
   */
  record Bool(
      List<TextQuery> must, List<TextQuery> should, List<TextQuery> mustNot, int minimumShouldMatch)
      implements TextQuery {
    /** Matches nothing: what a text without any term (only stop words, say) means. */
    public static final Bool NOTHING = new Bool(List.of(), List.of(), List.of(), 0);

    public Bool {
      must = List.copyOf(must);
      should = List.copyOf(should);
      mustNot = List.copyOf(mustNot);
      if (minimumShouldMatch < 0) {
        throw new IllegalArgumentException(
            "minimumShouldMatch must be >= 0, got " + minimumShouldMatch);
      }
    }

    int effectiveMinimum() {
      return must.isEmpty() ? Math.max(1, minimumShouldMatch) : minimumShouldMatch;
    }
  }

  static TextQuery anyOf(List<? extends TextQuery> should) {
    return new Bool(List.of(), List.copyOf(should), List.of(), 0);
  }

  static TextQuery allOf(List<? extends TextQuery> must) {
    return new Bool(List.copyOf(must), List.of(), List.of(), 0);
  }

  /** Whether no document can match, whatever the index holds. */
  default boolean isNothing() {
    return this instanceof Bool bool
        && (bool.should.size() < bool.effectiveMinimum()
            || bool.must.stream().anyMatch(TextQuery::isNothing));
  }

  /** The leaves that score, in query order, each with how often it is named. */
  default SequencedMap<Leaf, Integer> scoringLeaves() {
    var leaves = new LinkedHashMap<Leaf, Integer>();
    forEachScoringLeaf(leaf -> leaves.merge(leaf, 1, Integer::sum));
    return leaves;
  }

  private void forEachScoringLeaf(Consumer<Leaf> visitor) {
    switch (this) {
      case Leaf leaf -> visitor.accept(leaf);
      case Bool bool -> {
        bool.must.forEach(child -> child.forEachScoringLeaf(visitor));
        bool.should.forEach(child -> child.forEachScoringLeaf(visitor));
      }
    }
  }

  /** The terms and prefixes whose document frequencies scoring needs; a phrase needs its terms'. */
  default Map<String, Leaf> countedLeaves() {
    var counted = new LinkedHashMap<String, Leaf>();
    forEachScoringLeaf(leaf -> {
      if (leaf instanceof Phrase phrase) {
        phrase.terms().forEach(t -> counted.put(phrase.term(t).key(), phrase.term(t)));
      } else {
        counted.put(leaf.key(), leaf);
      }
    });
    return counted;
  }

  private static List<String> checked(List<String> fields) {
    if (fields.isEmpty()) {
      throw new IllegalArgumentException("a leaf needs at least one field");
    }
    return List.copyOf(fields);
  }
}
