package io.mosaicdb.contract.worker;

import io.mosaicdb.contract.search.SearchResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker found, best first in each leg (score descending, then id), one entry a document.
 *
 * @param lease names the snapshot that was read, for {@link FetchRequest}; it lives for some
 *     seconds
 * @param total documents that matched the text leg, or the filter where there is none
 */
public record WorkerSearchResponse(
    String lease,
    List<LegHit> text,
    List<LegHit> vector,
    SearchResponse.TotalBody total,
    @Nullable Map<String, Object> facets,
    Map<String, SearchResponse.PartitionSnapshot> partitions,
    SearchResponse.ShardsBody shards,
    @Nullable List<SearchResponse.RoutingBody> routing,
    SearchResponse.@Nullable PlanBody plan,
    WorkerTimings timings) {
  /**
   * @param ref the document in the leased snapshot
   * @param passage the best passage's number within its document, null in the text leg
   */
  public record LegHit(String id, double score, DocumentRef ref, @Nullable Integer passage) {}

  /** {@code segment} counts the segments of the partition in the leased snapshot. */
  public record DocumentRef(int partition, int segment, int ordinal) {}

  public record WorkerTimings(double filterMs, double textMs, double vectorMs) {}
}
