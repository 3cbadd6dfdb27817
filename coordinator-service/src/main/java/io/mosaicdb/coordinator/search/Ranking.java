package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchResponse.DegradedBody;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.ranking.Boost;
import io.mosaicdb.model.ranking.LinkAuthority;
import io.mosaicdb.model.ranking.MaximalMarginalRelevance;
import io.mosaicdb.model.ranking.RankedHit;
import io.mosaicdb.model.ranking.RecencyDecay;
import io.mosaicdb.model.ranking.ScorePart;
import io.mosaicdb.model.ranking.ScoredId;
import io.mosaicdb.model.ranking.SecondPhase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Orders what was retrieved, stage after stage: fuse, boost, rerank, cut, group, diversify. Each
 * stage takes a list that is best first and gives one; none of them asks for documents that were
 * not retrieved.
 */
final class Ranking {
  private final CandidateReader candidates;
  private final Rescoring rescoring;
  private final InstantSource clock;

  Ranking(CandidateReader candidates, Rescoring rescoring, InstantSource clock) {
    this.candidates = candidates;
    this.rescoring = rescoring;
    this.clock = clock;
  }

  /** All that was retrieved and is good enough, in the order of the answer. */
  Ranked rank(SearchQuery query, Retrieved retrieved, long deadline) {
    var notes = new ArrayList<String>();
    var degraded = new ArrayList<DegradedBody>();
    var hits = fused(query, retrieved);
    hits = linked(query, retrieved, hits, notes);
    hits = fresher(query, retrieved, hits, notes);
    boolean settled = isSettled(query, retrieved, hits);
    if (!settled) {
      notes.add("boosts may bring documents among the best that are not among the candidates");
    }
    hits = rescored(query, retrieved, hits, deadline, notes, degraded);
    var good = grouped(query, retrieved, goodEnough(query, retrieved, hits));
    boolean whole = isWhole(query, retrieved, hits, good);
    var ordered = diversified(query, retrieved, good, notes);
    return new Ranked(ordered, whole, settled, notes, degraded);
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

  private static List<RankedHit> linked(
      SearchQuery query, Retrieved retrieved, List<RankedHit> hits, List<String> notes) {
    double weight = query.ranking().authority();
    var ranks = retrieved.authority();
    if (weight == 0) {
      notes.add("authority weight 0");
      return hits;
    }
    if (ranks == null) {
      notes.add("authority weight " + weight + " adds 0: the namespace has no ranks");
      return hits;
    }
    notes.add("authority weight " + weight + ", ranks over " + ranks.nodes() + " nodes");
    var boost =
        new Boost(
            ScorePart.AUTHORITY,
            weight,
            id -> {
              var relative = retrieved.require(id).hit().authority();
              return relative == null ? 0 : LinkAuthority.value(relative);
            });
    return boost.apply(hits);
  }

  /**
   * Whether no document below the candidates could be among the best, had it the greatest rank and
   * the newest date there are. Two legs' fusion is over the candidates by definition: what neither
   * leg brought has no score. Authority alone asks for more candidates; where a date alone moves
   * hits, the best are chosen among the candidates.
   */
  private static boolean isSettled(SearchQuery query, Retrieved retrieved, List<RankedHit> hits) {
    double weight = query.ranking().authority();
    var ranks = retrieved.authority();
    if (weight == 0
        || ranks == null
        || retrieved.ran() == SearchMode.HYBRID
        || query.ordered()
        || query.group() != null) {
      return true;
    }
    var leg =
        retrieved.ran() == SearchMode.KEYWORD
            ? retrieved.text().ranking()
            : retrieved.vector().ranking();
    int wanted = query.ranking().wanted(query.limit());
    if (!isFull(query, leg) || leg.isEmpty() || wanted == 0) {
      return true;
    }
    var recency = query.ranking().recency();
    double most =
        weight * LinkAuthority.value(ranks.most()) + (recency == null ? 0 : recency.weight());
    double last = leg.getLast().score();
    return hits.size() >= wanted && hits.get(wanted - 1).score() > last + Math.abs(last) * most;
  }

  private List<RankedHit> fresher(
      SearchQuery query, Retrieved retrieved, List<RankedHit> hits, List<String> notes) {
    var recency = query.ranking().recency();
    if (recency == null) {
      return hits;
    }
    notes.add(
        "recency of '%s', half-life %s, weight %s"
            .formatted(recency.field(), recency.halfLife(), recency.weight()));
    var decay = new RecencyDecay(clock.instant(), recency.halfLife());
    var known = candidates.read(query, retrieved, hits, recency.field(), false);
    var boost =
        new Boost(
            ScorePart.RECENCY,
            recency.weight(),
            id -> {
              var candidate = known.get(id);
              var moment = candidate == null ? null : candidate.moment();
              return moment == null ? 0 : decay.at(moment);
            });
    return boost.apply(hits);
  }

  private List<RankedHit> rescored(
      SearchQuery query,
      Retrieved retrieved,
      List<RankedHit> hits,
      long deadline,
      List<String> notes,
      List<DegradedBody> degraded) {
    int depth = Math.min(query.ranking().rerank(), hits.size());
    if (depth == 0) {
      return hits;
    }
    return switch (rescoring.score(query, retrieved, hits.subList(0, depth), deadline)) {
      case Rescoring.Outcome.Scored scored -> {
        notes.add("the second phase scored the best " + depth + " again");
        yield SecondPhase.apply(hits, scored.scores());
      }
      case Rescoring.Outcome.Missing missing -> {
        notes.add("the second phase did not answer");
        degraded.add(
            new DegradedBody(
                "rerank_missing", "ranked without the second phase: " + missing.reason()));
        yield hits;
      }
    };
  }

  private List<RankedHit> diversified(
      SearchQuery query, Retrieved retrieved, List<RankedHit> hits, List<String> notes) {
    var diversity = query.ranking().diversity();
    if (diversity == null) {
      return hits;
    }
    int depth = Math.min(diversity.candidates(), hits.size());
    notes.add("diversity among the best " + depth + ", lambda " + diversity.lambda());
    var best = hits.subList(0, depth);
    var known = candidates.read(query, retrieved, best, null, true);
    var ordered =
        new ArrayList<>(
            new MaximalMarginalRelevance(diversity.lambda())
                .order(
                    best,
                    id -> {
                      var candidate = known.get(id);
                      var vector = candidate == null ? null : candidate.vector();
                      return vector == null ? null : Vectors.toFloats(vector);
                    }));
    ordered.addAll(hits.subList(depth, hits.size()));
    return ordered;
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
