package io.mosaicdb.storage.text;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the beginnings and the mistyped words of a query stand for: for each such leaf the terms
 * that dictionaries have for it, with the number of documents. Segments give theirs; {@link #merge}
 * brings them together and {@link #applyTo} writes them into the query, so that every segment looks
 * for the same terms and an answer does not depend on which documents share a segment.
 */
public record TermExpansions(Map<TextQuery.Leaf, Map<String, Long>> terms) {
  public static final TermExpansions NONE = new TermExpansions(Map.of());

  /** Whether {@code query} has leaves that only a dictionary can tell the terms of. */
  public static boolean areNeededBy(TextQuery query) {
    return !expandable(query).isEmpty();
  }

  static TermExpansions of(TextQuery query, LeafExpander expander) {
    var terms = new HashMap<TextQuery.Leaf, Map<String, Long>>();
    for (var leaf : expandable(query)) {
      terms.put(leaf, expander.expand(leaf));
    }
    return new TermExpansions(terms);
  }

  /** The terms of one leaf in one segment. */
  interface LeafExpander {
    Map<String, Long> expand(TextQuery.Leaf leaf);
  }

  public TermExpansions merge(TermExpansions other) {
    var merged = new HashMap<TextQuery.Leaf, Map<String, Long>>(terms);
    other.terms.forEach((leaf, counts) ->
        merged.merge(
            leaf,
            counts,
            (one, more) -> {
              var sum = new HashMap<>(one);
              more.forEach((term, documents) -> sum.merge(term, documents, Long::sum));
              return sum;
            }));
    return new TermExpansions(merged);
  }

  /** The query with the terms written in: of too many, the most frequent. */
  public TextQuery applyTo(TextQuery query) {
    return switch (query) {
      case TextQuery.Prefix prefix when terms.containsKey(prefix) ->
          new TextQuery.Prefix(
              prefix.fields(), prefix.prefix(), terms(prefix, TextQuery.Prefix.MAXIMUM_TERMS));
      case TextQuery.Near near when terms.containsKey(near) ->
          new TextQuery.Near(
              near.fields(),
              near.term(),
              near.word(),
              near.edits(),
              terms(near, TextQuery.Near.MAXIMUM_TERMS));
      case TextQuery.Leaf leaf -> leaf;
      case TextQuery.Weighted weighted ->
          new TextQuery.Weighted(applyTo(weighted.query()), weighted.weights());
      case TextQuery.Bool bool ->
          new TextQuery.Bool(
              bool.must().stream().map(this::applyTo).toList(),
              bool.should().stream().map(this::applyTo).toList(),
              bool.mustNot().stream().map(this::applyTo).toList(),
              bool.minimumShouldMatch());
    };
  }

  private List<String> terms(TextQuery.Leaf leaf, int most) {
    return mostFrequent(terms.getOrDefault(leaf, Map.of()), most);
  }

  static List<String> mostFrequent(Map<String, Long> counts, int most) {
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static Set<TextQuery.Leaf> expandable(TextQuery query) {
    var leaves = new HashSet<TextQuery.Leaf>();
    forEachExpandable(query, leaves::add);
    return leaves;
  }

  private static void forEachExpandable(TextQuery query, Consumer<TextQuery.Leaf> visitor) {
    switch (query) {
      case TextQuery.Prefix prefix -> {
        if (prefix.terms() == null) {
          visitor.accept(prefix);
        }
      }
      case TextQuery.Near near -> {
        if (near.terms() == null) {
          visitor.accept(near);
        }
      }
      case TextQuery.Leaf _ -> {}
      case TextQuery.Weighted weighted -> forEachExpandable(weighted.query(), visitor);
      case TextQuery.Bool bool -> {
        bool.must().forEach(child -> forEachExpandable(child, visitor));
        bool.should().forEach(child -> forEachExpandable(child, visitor));
        bool.mustNot().forEach(child -> forEachExpandable(child, visitor));
      }
    }
  }
}
