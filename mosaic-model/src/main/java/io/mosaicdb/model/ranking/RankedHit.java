package io.mosaicdb.model.ranking;

import java.util.Comparator;

/**
 * A document with what its score is made of; the natural order is that of results: score
 * descending, then id ascending.
 */
public record RankedHit(String id, ScoreParts parts) implements Comparable<RankedHit> {
  private static final Comparator<RankedHit> ORDER =
      Comparator.comparingDouble(RankedHit::score).reversed().thenComparing(RankedHit::id);

  public RankedHit {
    if (Double.isNaN(parts.sum())) {
      throw new IllegalArgumentException("score of " + id + " is not a number: " + parts);
    }
  }

  /** A hit that only the words have a say in. */
  public static RankedHit byWords(ScoredId hit) {
    return new RankedHit(hit.id(), ScoreParts.of(hit.score(), 0));
  }

  /** A hit that only the vectors have a say in. */
  public static RankedHit byVector(ScoredId hit) {
    return new RankedHit(hit.id(), ScoreParts.of(0, hit.score()));
  }

  public double score() {
    return parts.sum();
  }

  public ScoredId scored() {
    return new ScoredId(id, score());
  }

  @Override
  public int compareTo(RankedHit other) {
    return ORDER.compare(this, other);
  }
}
