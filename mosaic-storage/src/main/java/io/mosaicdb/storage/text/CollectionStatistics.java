package io.mosaicdb.storage.text;

import io.mosaicdb.storage.bits.OrdinalSet;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What BM25 must know of all documents that a query is ranked among: how many there are, the total
 * length of each field in tokens, and in how many documents each leaf of the query occurs, by
 * {@link TextQuery.Leaf#key()}. Segments give theirs; {@link #merge} adds them up, so that scores
 * agree wherever a document is stored.
 */
public record CollectionStatistics(
    long documents, Map<String, Long> fieldLengths, Map<String, Long> documentFrequencies) {
  public static final CollectionStatistics NONE = new CollectionStatistics(0, Map.of(), Map.of());

  public CollectionStatistics {
    if (documents < 0) {
      throw new IllegalArgumentException("documents must be >= 0, got " + documents);
    }
    fieldLengths = Collections.unmodifiableMap(new TreeMap<>(fieldLengths));
    documentFrequencies = Collections.unmodifiableMap(new TreeMap<>(documentFrequencies));
  }

  /**
   * These lengths without those of {@code dead} documents.
   *
   * @param lengths by field number and ordinal, of at least as many documents as {@code dead} has
   */
  CollectionStatistics without(
      OrdinalSet dead, IndexedFields fields, int[][] lengths, Map<String, Long> frequencies) {
    var sums = new TreeMap<>(fieldLengths);
    for (int field = 0; field < lengths.length; field++) {
      var ofField = lengths[field];
      var sum = new long[1];
      dead.forEach(ordinal -> sum[0] += ofField[ordinal]);
      sums.merge(fields.fields().get(field).name(), -sum[0], Long::sum);
    }
    return new CollectionStatistics(documents - dead.cardinality(), sums, frequencies);
  }

  public CollectionStatistics merge(CollectionStatistics other) {
    return new CollectionStatistics(
        documents + other.documents,
        sum(fieldLengths, other.fieldLengths),
        sum(documentFrequencies, other.documentFrequencies));
  }

  long fieldLength(String field) {
    return fieldLengths.getOrDefault(field, 0L);
  }

  double idf(TextQuery.Leaf leaf) {
    if (leaf instanceof TextQuery.Phrase phrase) {
      double sum = 0;
      for (var term : phrase.terms()) {
        sum += idf(phrase.term(term));
      }
      return sum;
    }
    double idf = idfOf(leaf);
    if (leaf instanceof TextQuery.Near near) {
      boolean isThere = frequency(near.exact()) > 0;
      return idf * (isThere ? TextQuery.Near.HARDLY_MEANT : TextQuery.Near.LIKELY_MEANT);
    }
    return idf;
  }

  private double idfOf(TextQuery.Leaf leaf) {
    long frequency = frequency(leaf);
    return Bm25.idf(Math.max(documents, frequency), frequency);
  }

  private long frequency(TextQuery.Leaf leaf) {
    var frequency = documentFrequencies.get(leaf.key());
    if (frequency == null) {
      throw new IllegalArgumentException(
          "the statistics were gathered for another query: nothing is known of " + leaf.key());
    }
    return frequency;
  }

  private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
    var sum = new TreeMap<>(one);
    other.forEach((key, value) -> sum.merge(key, value, Long::sum));
    return sum;
  }
}
