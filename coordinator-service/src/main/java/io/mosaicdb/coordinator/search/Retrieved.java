package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchResponse.DegradedBody;
import io.mosaicdb.contract.search.SearchResponse.ShardsBody;
import io.mosaicdb.contract.worker.WorkerSearchResponse.AuthorityBody;
import io.mosaicdb.coordinator.search.Candidates.Candidate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the workers found for a search, before anything is ranked.
 *
 * @param ran the mode that was possible, which may be less than the query's
 * @param note why it is less; empty: it is not
 * @param answers at least one
 * @param text the hits by words of all workers
 * @param vector the hits by vectors of all workers
 * @param degraded what is missing and why
 * @param embeddedAt when the vector of the query was there, in {@link System#nanoTime}
 * @param searchedAt when the last worker had answered
 */
record Retrieved(
    SearchMode ran,
    String note,
    List<Scatter.Answer> answers,
    Candidates text,
    Candidates vector,
    ShardsBody shards,
    List<DegradedBody> degraded,
    long embeddedAt,
    long searchedAt) {
  /** The same, for a request that found it ready. */
  Retrieved within(long start, long end) {
    return new Retrieved(
        ran,
        note,
        answers,
        text,
        vector,
        shards,
        degraded,
        Math.clamp(embeddedAt, start, end),
        Math.clamp(searchedAt, start, end));
  }

  /** What hits' authority was read from; null where no worker has ranks. */
  @Nullable AuthorityBody authority() {
    AuthorityBody all = null;
    for (var answer : answers) {
      var each = answer.response().authority();
      if (each != null) {
        all =
            all == null
                ? each
                : new AuthorityBody(
                    Math.max(all.nodes(), each.nodes()), Math.max(all.most(), each.most()));
      }
    }
    return all;
  }

  /** Whether every shard answered. */
  boolean full() {
    return shards.missing().isEmpty();
  }

  /**
   * The document as a worker may be asked for it; where both legs have it, the vector leg's, which
   * knows the best passage.
   */
  Candidate require(String id) {
    @Nullable Candidate found = vector.find(id);
    if (found == null) {
      found = text.find(id);
    }
    if (found == null) {
      throw new IllegalStateException("a hit of no leg: " + id);
    }
    return found;
  }
}
