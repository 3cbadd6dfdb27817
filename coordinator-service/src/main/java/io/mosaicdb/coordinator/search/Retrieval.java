package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchResponse.DegradedBody;
import io.mosaicdb.contract.worker.WorkerSearchResponse;
import io.mosaicdb.coordinator.namespace.NamespaceDefinition;
import io.mosaicdb.coordinator.search.QueryVectors.QueryVector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Gets the candidates of a search from the workers. Without the embedder a hybrid search falls to
 * words and says so; a semantic one fails.
 */
final class Retrieval {
  private final QueryVectors vectors;
  private final Scatter scatter;
  private final Predicate<NamespaceDefinition> outdated;

  /**
   * @param outdated whether a definition is not in force any more; a search of one fails with the
   *     worker's reason, so that it is made again
   */
  Retrieval(QueryVectors vectors, Scatter scatter, Predicate<NamespaceDefinition> outdated) {
    this.vectors = vectors;
    this.scatter = scatter;
    this.outdated = outdated;
  }

  /**
   * @throws MosaicException if the request is at fault, no worker answered, or something is missing
   *     and the query does not allow it
   */
  Retrieved retrieve(SearchQuery query, long deadline) {
    var vector = vectors.of(query, deadline);
    long embeddedAt = System.nanoTime();
    Scatter.Gathered gathered;
    try {
      gathered = scatter.search(query, vector.bytes(), vector.embedder(), deadline);
    } catch (MosaicException e) {
      // The worker holds vectors of another model than the one in force.
      if (e.code() != ErrorCode.EMBEDDER_UNAVAILABLE
          || query.mode() != SearchMode.HYBRID
          || outdated.test(query.definition())) {
        throw e;
      }
      vector = QueryVector.missing(e);
      gathered = scatter.search(query, null, null, deadline);
    }
    long searchedAt = System.nanoTime();
    var degraded = new ArrayList<DegradedBody>();
    if (vector.missing() != null) {
      degraded.add(
          new DegradedBody(
              "semantic_leg_missing",
              "found by words alone, vectors cannot be searched: " + vector.missing().detail()));
    }
    degraded.addAll(gathered.degraded());
    var shards = gathered.shards();
    if (query.routing() != null && shards.total() > 0 && shards.pruned() == shards.total()) {
      degraded.add(
          new DegradedBody(
              "nothing_searched",
              "routing leaves out all " + shards.total() + " shards; ask without /routing"));
    }
    var retrieved =
        new Retrieved(
            vector.missing() == null ? query.mode() : SearchMode.KEYWORD,
            vector.missing() == null ? "" : "vectors cannot be searched",
            gathered.answers(),
            query.ordered()
                ? SortedLeg.merge(query, gathered.answers())
                : leg(gathered.answers(), WorkerSearchResponse::text, query),
            leg(gathered.answers(), WorkerSearchResponse::vector, query),
            gathered.shards(),
            List.copyOf(degraded),
            embeddedAt,
            searchedAt);
    Completeness.require(query, retrieved.shards(), retrieved.degraded());
    return retrieved;
  }

  private interface Leg {
    List<WorkerSearchResponse.LegHit> of(WorkerSearchResponse response);
  }

  private static Candidates leg(List<Scatter.Answer> answers, Leg leg, SearchQuery query) {
    var lists = new ArrayList<List<WorkerSearchResponse.LegHit>>(answers.size());
    for (var answer : answers) {
      lists.add(leg.of(answer.response()));
    }
    // Grouped legs are longer: as long as it takes to fill the page.
    return Candidates.merge(lists, query.group() == null ? query.candidates() : Integer.MAX_VALUE);
  }
}
