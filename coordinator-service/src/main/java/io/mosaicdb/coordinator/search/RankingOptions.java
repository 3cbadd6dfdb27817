package io.mosaicdb.coordinator.search;

import io.mosaicdb.model.ranking.LinkAuthority;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What changes the order beyond the fusion of the legs.
 *
 * @param authority weight of link authority, 0: none
 * @param recency null: none
 * @param diversity null: none
 * @param rerank how many of the best are scored again by the second phase, 0: none
 */
record RankingOptions(
    double authority, @Nullable Recency recency, @Nullable Diversity diversity, int rerank) {
  static final RankingOptions NONE = new RankingOptions(0, null, null, 0);
  private static final int BOOST_DEPTH = 300;

  /** {@code field} is a filterable datetime attribute. */
  record Recency(String field, Duration halfLife, double weight) {}

  record Diversity(double lambda, int candidates) {}

  /** By what part of it the boosts may raise a score, at most. */
  double mostRaise() {
    return authority + (recency == null ? 0 : recency.weight());
  }

  /** How many of the best the later stages look at, for a page of {@code limit}. */
  int wanted(int limit) {
    int wanted = Math.max(limit, rerank);
    return diversity == null ? wanted : Math.max(wanted, diversity.candidates());
  }

  /** How many candidates these stages want to choose from, at least. */
  int depth() {
    boolean moved = recency != null || authority > LinkAuthority.STANDARD_WEIGHT;
    int depth = moved ? BOOST_DEPTH : 0;
    depth = Math.max(depth, rerank);
    return diversity == null ? depth : Math.max(depth, diversity.candidates());
  }
}
