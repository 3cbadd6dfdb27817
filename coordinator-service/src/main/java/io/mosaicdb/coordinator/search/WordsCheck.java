package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.TextField;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checks how {@code q} is to be read. */
final class WordsCheck {
  private WordsCheck() {}

  /**
   * Null for the default: any word, each as typed, by the schema's weights.
   *
   * @param standing the namespace's own weights in place of the schema's; the request's go before
   */
  static SearchRequest.@Nullable WordsBody check(
      SearchRequest request, Schema schema, SortedMap<String, Double> standing) {
    var words = request.words();
    if (words == null) {
      return standing.isEmpty()
          ? null
          : new SearchRequest.WordsBody(null, null, null, new TreeMap<>(standing));
    }
    var operator = words.operator();
    if (operator != null && !operator.equals("or") && !operator.equals("and")) {
      throw MosaicException.invalidValue(
          "/words/operator", "must be or or and, got '" + operator + "'");
    }
    if (words.fieldWeights() != null) {
      checkWeights(words.fieldWeights(), schema);
    }
    if (standing.isEmpty()) {
      return words;
    }
    var weights = new TreeMap<String, @Nullable Double>(standing);
    if (words.fieldWeights() != null) {
      weights.putAll(words.fieldWeights());
    }
    return new SearchRequest.WordsBody(words.operator(), words.prefix(), words.typo(), weights);
  }

  private static void checkWeights(Map<String, @Nullable Double> weights, Schema schema) {
    weights.forEach((field, weight) -> {
      var at = "/words/field_weights" + InvalidInputException.token(field);
      if (!schema.fields().containsKey(field)) {
        throw MosaicException.invalidValue(
            at, "must be one of the text fields " + String.join(", ", schema.fields().keySet()));
      }
      if (weight == null || !(weight >= 0 && weight <= TextField.MAX_WEIGHT)) {
        throw MosaicException.invalidValue(
            at, "must be between 0 and " + TextField.MAX_WEIGHT + ", got " + weight);
      }
    });
    boolean searchesAny =
        schema.fields().keySet().stream()
            .anyMatch(field -> !Double.valueOf(0).equals(weights.get(field)));
    if (!searchesAny) {
      throw MosaicException.invalidValue(
          "/words/field_weights", "must leave a field to search: all have weight 0");
    }
  }
}
