package io.mosaicdb.coordinator.search;

import io.mosaicdb.model.ranking.RankedHit;
import io.mosaicdb.model.ranking.ScoredId;
import java.util.ArrayList;
import java.util.List;

/**
 * Orders what was retrieved, stage after stage: fuse, boost, cut, group. Each stage takes a list
 * that is best first and gives one; none of them asks for documents that were not retrieved.
 */
final class Ranking {
  /** All that was retrieved and is good enough, in the order of the answer. */
  Ranked rank(SearchQuery query, Retrieved retrieved) {
    var notes = new ArrayList<String>();
    var hits = fused(query, retrieved);
    notes.add(authority(query));
    var good = grouped(query, retrieved, goodEnough(query, retrieved, hits));
    return new Ranked(good, isWhole(query, retrieved, hits, good), notes, List.of());
  }

  /** The hits of the answer. */
  List<RankedHit> page(SearchQuery query, Ranked ranked) {
    return ranked.hits().subList(0, Math.min(query.limit(), ranked.hits().size()));
  }

  private static List<RankedHit> fused(SearchQuery query, Retrieved retrieved) {
    var text = retrieved.text().ranking();
    var vector = retrieved.vector().ranking();
    return switch (retrieved.ran()) {
      case KEYWORD -> text.stream().map(RankedHit::byWords).toList();
      case SEMANTIC -> vector.stream().map(RankedHit::byVector).toList();
      case HYBRID -> query.fusion().fuse(text, vector);
    };
  }

  private static String authority(SearchQuery query) {
    double weight = query.ranking().authority();
    return weight == 0
        ? "authority weight 0"
        : "authority weight " + weight + " adds 0: the namespace has no ranks";
  }

  /** Leaves out what is below {@code min_score}, or less similar than asked for. */
  private static List<RankedHit> goodEnough(
      SearchQuery query, Retrieved retrieved, List<RankedHit> hits) {
    if (query.minScore() == null && query.minSimilarity() == null) {
      return hits;
    }
    var good = new ArrayList<RankedHit>(hits.size());
    for (var hit : hits) {
      if (query.minScore() != null && hit.score() < query.minScore()) {
        continue;
      }
      if (query.minSimilarity() != null) {
        var similar = retrieved.vector().find(hit.id());
        if (similar == null || similar.hit().score() < query.minSimilarity()) {
          continue;
        }
      }
      good.add(hit);
    }
    return good;
  }

  /** No more hits of a group than asked for. */
  private static List<RankedHit> grouped(
      SearchQuery query, Retrieved retrieved, List<RankedHit> hits) {
    if (query.group() == null) {
      return hits;
    }
    var groups = new GroupCap(query);
    return hits.stream().filter(hit -> groups.admits(retrieved.require(hit.id()).hit())).toList();
  }

  /** One leg's list that the least score cut, or legs that gave all they had. */
  private static boolean isWhole(
      SearchQuery query, Retrieved retrieved, List<RankedHit> all, List<RankedHit> good) {
    boolean cutByScore =
        retrieved.ran() != SearchMode.HYBRID
            && query.minSimilarity() == null
            && good.size() < all.size();
    return retrieved.full()
        && (cutByScore
            || !(isFull(query, retrieved.text().ranking())
                || isFull(query, retrieved.vector().ranking())));
  }

  /** Whether a leg may have more hits than it was asked for. */
  private static boolean isFull(SearchQuery query, List<ScoredId> leg) {
    return leg.size() >= query.candidates();
  }
}
