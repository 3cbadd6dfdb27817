package io.mosaicdb.storage.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * The definition of matching and scoring, written down without any index; what tests compare to.
 */
final class NaiveBm25 {
  record Hit(int ordinal, double score) {}

  private final IndexedFields fields;
  private final List<Map<String, List<TextAnalysis.WordToken>>> documents = new ArrayList<>();
  private final Map<String, Long> totals = new HashMap<>();
  private final Map<TextQuery.Leaf, Double> idfs = new HashMap<>();
  private final Map<TextQuery.Leaf, Set<String>> expansions = new HashMap<>();
  private Map<String, Double> weights = Map.of();

  NaiveBm25(IndexedFields fields, List<List<String>> documents) {
    this.fields = fields;
    for (var values : documents) {
      var tokens = new HashMap<String, List<TextAnalysis.WordToken>>();
      for (int i = 0; i < values.size(); i++) {
        var field = fields.fields().get(i);
        tokens.put(field.name(), fields.analysis(field.name()).analyzeWords(values.get(i)));
      }
      this.documents.add(tokens);
    }
    for (var field : fields.names()) {
      long total = 0;
      for (int ordinal = 0; ordinal < documents.size(); ordinal++) {
        total += length(field, ordinal);
      }
      totals.put(field, total);
    }
  }

  List<Hit> search(TextQuery query, IntPredicate accept) {
    weights = Map.of();
    var hits = new ArrayList<Hit>();
    for (int ordinal = 0; ordinal < documents.size(); ordinal++) {
      if (accept.test(ordinal) && matches(query, ordinal)) {
        hits.add(new Hit(ordinal, score(query, ordinal)));
      }
    }
    hits.sort(Comparator.comparingDouble((Hit hit) -> -hit.score).thenComparingInt(Hit::ordinal));
    return hits;
  }

  private boolean matches(TextQuery query, int ordinal) {
    return switch (query) {
      case TextQuery.Weighted weighted -> matches(weighted.query(), ordinal);
      case TextQuery.Leaf leaf ->
          leaf.fields().stream().anyMatch(field -> frequency(leaf, field, ordinal) > 0);
      case TextQuery.Bool bool ->
          (!bool.must().isEmpty() || !bool.should().isEmpty())
              && bool.must().stream().allMatch(child -> matches(child, ordinal))
              && bool.mustNot().stream().noneMatch(child -> matches(child, ordinal))
              && bool.should().stream().filter(child -> matches(child, ordinal)).count()
                  >= (bool.must().isEmpty()
                      ? Math.max(1, bool.minimumShouldMatch())
                      : bool.minimumShouldMatch());
    };
  }

  private double score(TextQuery query, int ordinal) {
    return switch (query) {
      case TextQuery.Weighted weighted -> {
        weights = weighted.weights();
        yield score(weighted.query(), ordinal);
      }
      case TextQuery.Leaf leaf -> score(leaf, ordinal);
      case TextQuery.Bool bool -> {
        double sum = 0;
        for (var child : bool.must()) {
          sum += score(child, ordinal);
        }
        for (var child : bool.should()) {
          sum += score(child, ordinal);
        }
        yield sum;
      }
    };
  }

  private double score(TextQuery.Leaf leaf, int ordinal) {
    double frequency = 0;
    double length = 0;
    double total = 0;
    for (var field : fields.fields()) {
      if (leaf.fields().contains(field.name())) {
        double weight = weights.getOrDefault(field.name(), field.weight());
        frequency += weight * frequency(leaf, field.name(), ordinal);
        length += weight * length(field.name(), ordinal);
        total += weight * totals.getOrDefault(field.name(), 0L);
      }
    }
    double average = total / documents.size();
    return frequency == 0
        ? 0
        : idf(leaf) * frequency / (frequency + 1.2 * (0.25 + 0.75 * length / average));
  }

  private double idf(TextQuery.Leaf leaf) {
    var known = idfs.get(leaf);
    if (known == null) {
      known = computeIdf(leaf);
      idfs.put(leaf, known);
    }
    return known;
  }

  private double computeIdf(TextQuery.Leaf leaf) {
    if (leaf instanceof TextQuery.Phrase phrase) {
      return phrase.terms().stream()
          .mapToDouble(term -> idf(new TextQuery.Term(phrase.fields(), term.term())))
          .sum();
    }
    double n = documents.size();
    double df = 0;
    for (int ordinal = 0; ordinal < documents.size(); ordinal++) {
      df += matches(leaf, ordinal) ? 1 : 0;
    }
    double idf = Math.log(1 + (n - df + 0.5) / (df + 0.5));
    if (leaf instanceof TextQuery.Near near) {
      boolean typedIsThere = false;
      for (int ordinal = 0; ordinal < documents.size(); ordinal++) {
        typedIsThere |= matches(near.exact(), ordinal);
      }
      return idf * (typedIsThere ? 0.1 : 0.8);
    }
    return idf;
  }

  private long length(String field, int ordinal) {
    return tokens(field, ordinal).stream().map(Token::position).distinct().count();
  }

  private List<Token> tokens(String field, int ordinal) {
    return documents.get(ordinal).getOrDefault(field, List.of()).stream()
        .map(TextAnalysis.WordToken::token)
        .toList();
  }

  /** The terms of all words, in fields analyzed like the leaf's, that {@code test} accepts. */
  private Set<String> terms(TextQuery.Leaf leaf, Predicate<TextAnalysis.WordToken> test) {
    var analysis = fields.analysis(leaf.fields().getFirst());
    var terms = new HashSet<String>();
    for (var document : documents) {
      document.forEach((field, tokens) -> {
        if (fields.analysis(field).analysis().equals(analysis.analysis())) {
          tokens.stream().filter(test).forEach(token -> terms.add(token.token().term()));
        }
      });
    }
    return terms;
  }

  private Set<String> expanded(TextQuery.Leaf leaf) {
    return expansions.computeIfAbsent(
        leaf,
        _ ->
            switch (leaf) {
              case TextQuery.Prefix prefix ->
                  terms(
                      leaf,
                      word ->
                          word.word().startsWith(prefix.prefix())
                              || word.token().term().startsWith(prefix.prefix()));
              case TextQuery.Near near ->
                  terms(leaf, word -> isNear(near.word(), word.word(), near.edits()));
              case TextQuery.AnyTerm any -> Set.copyOf(any.terms());
              case TextQuery.Term _, TextQuery.Phrase _ -> throw new AssertionError(leaf);
            });
  }

  /** An edit of the first letter counts two, any other one. */
  static boolean isNear(String one, String other, int edits) {
    boolean sameStart = !other.isEmpty() && one.codePointAt(0) == other.codePointAt(0);
    return (sameStart && distance(rest(one), rest(other)) <= edits)
        || (edits == 2 && distance(letters(one), letters(other)) <= 1);
  }

  private static int[] letters(String word) {
    return word.codePoints().toArray();
  }

  private static int[] rest(String word) {
    return word.codePoints().skip(1).toArray();
  }

  /** Insertions, deletions, substitutions and swaps of neighbours that no other edit touches. */
  private static int distance(int[] a, int[] b) {
    var d = new int[a.length + 1][b.length + 1];
    for (int i = 0; i <= a.length; i++) {
      for (int j = 0; j <= b.length; j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        d[i][j] =
            Math.min(
                Math.min(d[i - 1][j], d[i][j - 1]) + 1,
                d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length][b.length];
  }

  private long frequency(TextQuery.Leaf leaf, String field, int ordinal) {
    var tokens = tokens(field, ordinal);
    return switch (leaf) {
      case TextQuery.Term term ->
          tokens.stream().filter(token -> token.term().equals(term.term())).count();
      case TextQuery.AnyTerm _, TextQuery.Prefix _, TextQuery.Near _ ->
          tokens.stream().filter(token -> expanded(leaf).contains(token.term())).count();
      case TextQuery.Phrase phrase -> {
        var seen = new HashSet<String>();
        tokens.forEach(token -> seen.add(token.position() + token.term()));
        int first = phrase.terms().getFirst().position();
        yield tokens.stream()
            .filter(token -> token.term().equals(phrase.terms().getFirst().term()))
            .filter(token ->
                phrase.terms().stream()
                    .allMatch(term ->
                        seen.contains((token.position() - first + term.position()) + term.term())))
            .count();
      }
    };
  }
}
