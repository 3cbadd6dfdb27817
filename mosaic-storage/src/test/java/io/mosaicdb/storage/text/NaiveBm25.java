package io.mosaicdb.storage.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * The definition of matching and scoring, written down without any index; what tests compare to.
 */
final class NaiveBm25 {
  record Hit(int ordinal, double score) {}

  private final IndexedFields fields;
  private final List<Map<String, List<Token>>> documents = new ArrayList<>();
  private final Map<String, Long> totals = new HashMap<>();
  private final Map<TextQuery.Leaf, Double> idfs = new HashMap<>();

  NaiveBm25(IndexedFields fields, List<List<String>> documents) {
    this.fields = fields;
    for (var values : documents) {
      var tokens = new HashMap<String, List<Token>>();
      for (int i = 0; i < values.size(); i++) {
        var field = fields.fields().get(i);
        tokens.put(field.name(), fields.analysis(field.name()).analyze(values.get(i)));
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
        frequency += field.weight() * frequency(leaf, field.name(), ordinal);
        length += field.weight() * length(field.name(), ordinal);
        total += field.weight() * totals.getOrDefault(field.name(), 0L);
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
    return Math.log(1 + (n - df + 0.5) / (df + 0.5));
  }

  private long length(String field, int ordinal) {
    return tokens(field, ordinal).stream().map(Token::position).distinct().count();
  }

  private List<Token> tokens(String field, int ordinal) {
    return documents.get(ordinal).getOrDefault(field, List.of());
  }

  private long frequency(TextQuery.Leaf leaf, String field, int ordinal) {
    var tokens = tokens(field, ordinal);
    return switch (leaf) {
      case TextQuery.Term term ->
          tokens.stream().filter(token -> token.term().equals(term.term())).count();
      case TextQuery.Prefix prefix ->
          tokens.stream().filter(token -> token.term().startsWith(prefix.prefix())).count();
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
