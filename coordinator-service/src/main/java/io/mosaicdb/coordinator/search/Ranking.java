package io.mosaicdb.coordinator.search;

import io.mosaicdb.model.ranking.ScoredId;
import java.util.ArrayList;
import java.util.List;

/** Orders what was retrieved, stage after stage: fuse, then cut. */
final class Ranking {
  /** All that was retrieved, best first. */
  List<ScoredId> rank(SearchQuery query, Retrieved retrieved) {
    var text = retrieved.text().ranking();
    var vector = retrieved.vector().ranking();
    return switch (retrieved.ran()) {
      case KEYWORD -> text;
      case SEMANTIC -> vector;
      case HYBRID -> query.fusion().fuse(text, vector);
    };
  }

  /** The hits of the answer. */
  List<ScoredId> page(SearchQuery query, Retrieved retrieved, List<ScoredId> ranking) {
    var page = new ArrayList<ScoredId>(query.limit());
    for (var scored : ranking) {
      if (page.size() == query.limit()) {
        break;
      }
      if (query.minScore() != null && scored.score() < query.minScore()) {
        break;
      }
      if (query.minSimilarity() != null) {
        var similar = retrieved.vector().find(scored.id());
        if (similar == null || similar.hit().score() < query.minSimilarity()) {
          continue;
        }
      }
      page.add(scored);
    }
    return page;
  }
}
