package io.mosaicdb.model.ranking;

import java.util.Comparator;

/**
 * A document and its score; the natural order is that of results: score descending, then id
 * ascending.
 */
public record ScoredId(String id, double score) implements Comparable<ScoredId> {
  private static final Comparator<ScoredId> ORDER =
      Comparator.comparingDouble(ScoredId::score).reversed().thenComparing(ScoredId::id);

  public ScoredId {
    if (Double.isNaN(score)) {
      throw new IllegalArgumentException("score of " + id + " is not a number");
    }
  }

  @Override
  public int compareTo(ScoredId other) {
    return ORDER.compare(this, other);
  }
}
