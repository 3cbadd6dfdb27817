package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.contract.search.SearchResponse.CoverageBody;
import io.mosaicdb.contract.search.SearchResponse.DegradedBody;
import io.mosaicdb.contract.search.SearchResponse.HitBody;
import io.mosaicdb.contract.search.SearchResponse.LegBody;
import io.mosaicdb.contract.search.SearchResponse.PartitionSnapshot;
import io.mosaicdb.contract.search.SearchResponse.ScoresBody;
import io.mosaicdb.contract.search.SearchResponse.SnapshotBody;
import io.mosaicdb.contract.search.SearchResponse.TimingsBody;
import io.mosaicdb.contract.search.SearchResponse.TotalBody;
import io.mosaicdb.contract.worker.FetchResponse.FetchedHit;
import io.mosaicdb.contract.worker.WorkerSearchResponse.LegHit;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.coordinator.search.Candidates.Candidate;
import io.mosaicdb.model.ranking.RankedHit;
import io.mosaicdb.starter.request.RequestId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the answer of a search together. */
final class Answers {
  private Answers() {}

  /**
   * @param start when the request came, in {@link System#nanoTime}
   * @param rankedAt when the page was known
   */
  static SearchResponse of(
      SearchQuery query,
      Retrieved retrieved,
      Ranked ranked,
      List<RankedHit> page,
      List<FetchedHit> fetched,
      long start,
      long rankedAt) {
    long fetchedAt = System.nanoTime();
    var hits = new ArrayList<HitBody>(page.size());
    for (int i = 0; i < page.size(); i++) {
      hits.add(hit(query, retrieved, page.get(i), fetched.get(i)));
    }
    var answers = retrieved.answers();
    return new SearchResponse(
        hits,
        total(query, retrieved, ranked),
        FacetAnswers.of(query, answers, retrieved.full()),
        null,
        snapshot(query, answers),
        new CoverageBody(retrieved.full(), retrieved.shards(), degraded(retrieved, ranked)),
        milliseconds(start, fetchedAt),
        new TimingsBody(
            milliseconds(start, retrieved.embeddedAt()),
            0,
            milliseconds(retrieved.embeddedAt(), retrieved.searchedAt()),
            milliseconds(retrieved.searchedAt(), rankedAt),
            milliseconds(rankedAt, fetchedAt)),
        query.explain() ? SearchPlan.of(query, retrieved, ranked) : null,
        query.explain() ? SearchPlan.routing(answers) : null,
        null,
        null,
        null,
        RequestId.currentOrNew());
  }

  private static HitBody hit(
      SearchQuery query, Retrieved retrieved, RankedHit ranked, FetchedHit fetched) {
    var parts = ranked.parts();
    var candidate = retrieved.require(ranked.id()).hit();
    return new HitBody(
        ranked.id(),
        ranked.score(),
        fetched.fields(),
        fetched.passage(),
        fetched.highlights(),
        new ScoresBody(
            query.ordered() ? null : leg(retrieved.text().find(ranked.id()), parts.text()),
            leg(retrieved.vector().find(ranked.id()), parts.vector()),
            parts.authority(),
            query.ranking().recency() == null ? null : parts.recency(),
            parts.rerank()),
        fetched.shardId(),
        rank(retrieved, candidate),
        GroupCap.shown(query, candidate),
        SortedLeg.shown(query, candidate),
        query.explain() && !query.ordered()
            ? Explanations.of(query, retrieved, ranked, fetched.text())
            : null);
  }

  private static @Nullable Double rank(Retrieved retrieved, LegHit hit) {
    var ranks = retrieved.authority();
    return ranks == null || hit.authority() == null ? null : hit.authority() / ranks.nodes();
  }

  private static @Nullable LegBody leg(@Nullable Candidate candidate, double contribution) {
    return candidate == null
        ? null
        : new LegBody(candidate.hit().score(), candidate.rank(), contribution);
  }

  private static List<DegradedBody> degraded(Retrieved retrieved, Ranked ranked) {
    var degraded = new ArrayList<>(retrieved.degraded());
    degraded.addAll(ranked.degraded());
    return degraded;
  }

  /**
   * How many documents match. In a hybrid search those that only the vector leg found count as
   * well, and a text leg that was cut makes it a lower bound. Under a least score only what was
   * retrieved can be counted.
   */
  private static TotalBody total(SearchQuery query, Retrieved retrieved, Ranked ranked) {
    if (query.minScore() != null || query.minSimilarity() != null) {
      return new TotalBody(ranked.hits().size(), ranked.whole() ? "eq" : "gte");
    }
    long value = 0;
    boolean exact = true;
    for (var answer : retrieved.answers()) {
      value += answer.response().total().value();
      exact &= answer.response().total().relation().equals("eq");
    }
    if (retrieved.ran() == SearchMode.HYBRID) {
      boolean allMatchesListed = retrieved.text().ranking().size() >= value && exact;
      exact = allMatchesListed;
      value = Math.max(value, ranked.hits().size());
    }
    return new TotalBody(value, exact ? "eq" : "gte");
  }

  private static SnapshotBody snapshot(SearchQuery query, List<Scatter.Answer> answers) {
    var partitions = new TreeMap<String, PartitionSnapshot>();
    var commits = new TreeMap<Integer, Long>();
    for (var answer : answers) {
      for (Map.Entry<String, PartitionSnapshot> entry : answer.response().partitions().entrySet()) {
        partitions.put(entry.getKey(), entry.getValue());
        commits.put(Integer.parseInt(entry.getKey()), entry.getValue().commitSeq());
      }
    }
    var definition = query.definition();
    return new SnapshotBody(
        Position.of(definition.name(), commits).token(), partitions, definition.embedder());
  }

  private static double milliseconds(long from, long to) {
    return Math.round((to - from) / 1_000.0) / 1_000.0;
  }
}
