package io.mosaicdb.storage.text;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

  /** Documents with any of {@code terms}, scored as if all were one: words that mean the same. */
  record AnyTerm(List<String> fields, List<String> terms) implements Leaf {
    public AnyTerm {
      fields = checked(fields);
      terms = List.copyOf(new LinkedHashSet<>(terms));
      if (terms.isEmpty()) {
        throw new IllegalArgumentException("a leaf needs at least one term");
      }
    }

    @Override
    public String key() {
      return String.join(",", fields) + ":(" + String.join(" ", terms) + ")";
    }
  }

  /**
   * Documents with a term that some word has which starts with {@code prefix}, as typed, before its
   * inflection was removed, or with such a term; scored as if all were one. The {@value
   * #MAXIMUM_TERMS} most frequent count.
   *
   * @param terms from the dictionaries of all segments, see {@link TermExpansions}; null: a segment
   *     takes those of its own
   */
  record Prefix(List<String> fields, String prefix, @Nullable List<String> terms) implements Leaf {
    public static final int MAXIMUM_TERMS = 512;

    /** Terms yet to be found. */
    public Prefix(List<String> fields, String prefix) {
      this(fields, prefix, null);
    }

    public Prefix {
      fields = checked(fields);
      terms = terms == null ? null : List.copyOf(terms);
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
   * Documents with a term that some word has within {@code edits} of {@code word}, itself included,
   * see {@link WordAutomaton}; scored as if all were one. The {@value #MAXIMUM_TERMS} most frequent
   * count.
   *
   * <p>It stands beside {@code term}, the term of {@code word}. Where that is in no document, the
   * word is taken to be mistyped and what is near it counts by {@value #LIKELY_MEANT}; else by
   * {@value #HARDLY_MEANT}, so that documents with the word as typed come first.
   *
   * @param terms from the dictionaries of all segments, see {@link TermExpansions}; null: a segment
   *     takes those of its own
   */
  record Near(
      List<String> fields, String term, String word, int edits, @Nullable List<String> terms)
      implements Leaf {
    public static final int MAXIMUM_TERMS = 64;
    static final double LIKELY_MEANT = 0.8;
    static final double HARDLY_MEANT = 0.1;

    /** Terms yet to be found. */
    public Near(List<String> fields, String term, String word, int edits) {
      this(fields, term, word, edits, null);
    }

    public Near {
      fields = checked(fields);
      terms = terms == null ? null : List.copyOf(terms);
      if (word.isEmpty()) {
        throw new IllegalArgumentException("word must not be empty");
      }
      if (edits < 1 || edits > WordAutomaton.MAXIMUM_EDITS) {
        throw new IllegalArgumentException(
            "edits must be 1 to " + WordAutomaton.MAXIMUM_EDITS + ", got " + edits);
      }
    }

    @Override
    public String key() {
      return String.join(",", fields) + ":" + word + "~" + edits;
    }

    Term exact() {
      return new Term(fields, term);
    }
  }

  /**
   * Documents with all terms at these positions relative to each other in one of {@code fields}, or
   * so that moving them by {@code slop} places in all would bring them there. Scored as a term
   * whose frequency is the phrase's and whose idf is the sum of its terms' idf.
   */
  record Phrase(List<String> fields, List<PhraseTerm> terms, int slop) implements Leaf {
    /** Without slop. */
    public Phrase(List<String> fields, List<PhraseTerm> terms) {
      this(fields, terms, 0);
    }

    public Phrase {
      fields = checked(fields);
      if (slop < 0) {
        throw new IllegalArgumentException("slop must be >= 0, got " + slop);
      }
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
      return key.append('"').append(slop == 0 ? "" : "~" + slop).toString();
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

  /**
   * {@code query} scored with other weights of fields than the schema's; fields that {@code
   * weights} does not name keep theirs. Stands at the root of a query only.
   */
  record Weighted(TextQuery query, SortedMap<String, Double> weights) implements TextQuery {
    public Weighted {
      if (query instanceof Weighted) {
        throw new IllegalArgumentException("a query has its weights once, at its root");
      }
      weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
      weights.forEach((field, weight) -> IndexedField.checkWeight(weight));
    }
  }

  /** The weights that replace those of the schema; empty for none. */
  default SortedMap<String, Double> weights() {
    return this instanceof Weighted weighted ? weighted.weights : Collections.emptySortedMap();
  }

  static TextQuery anyOf(List<? extends TextQuery> should) {
    return new Bool(List.of(), List.copyOf(should), List.of(), 0);
  }

  static TextQuery allOf(List<? extends TextQuery> must) {
    return new Bool(List.copyOf(must), List.of(), List.of(), 0);
  }

  /** Whether no document can match, whatever the index holds. */
  default boolean isNothing() {
    if (this instanceof Weighted weighted) {
      return weighted.query.isNothing();
    }
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
      case Weighted weighted -> weighted.query.forEachScoringLeaf(visitor);
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
        if (leaf instanceof Near near) {
          counted.put(near.exact().key(), near.exact());
        }
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
