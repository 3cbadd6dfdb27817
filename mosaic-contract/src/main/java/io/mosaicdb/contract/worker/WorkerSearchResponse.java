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
 * @param sorted the documents that match, in the order that was asked for; null without one
 * @param facets by the names of the request's
 * @param total documents that matched the text leg, or the filter where there is none
 * @param authority what the hits' authority was read from; null where it was not asked for, or no
 *     partition has ranks
 * @param receipt says what was read and where, for {@link ShardWorkerApi#unchanged}
 */
public record WorkerSearchResponse(
    String lease,
    List<LegHit> text,
    List<LegHit> vector,
    SearchResponse.TotalBody total,
    @Nullable List<LegHit> sorted,
    @Nullable Map<String, FacetPart> facets,
    Map<String, SearchResponse.PartitionSnapshot> partitions,
    String receipt,
    SearchResponse.ShardsBody shards,
    @Nullable List<SearchResponse.RoutingBody> routing,
    SearchResponse.@Nullable PlanBody plan,
    WorkerTimings timings,
    @Nullable AuthorityBody authority) {
  /**
   * @param ref the document in the leased snapshot
   * @param passage the best passage's number within its document, null in the text leg
   * @param group the value by which it is grouped, null without one; in the form of {@code sort}
   * @param sort what it is sorted by, for each key a string or a number (times in milliseconds
   *     since 1970-01-01T00:00Z, booleans 0 and 1), null where the document lacks it
   * @param authority its rank in multiples of the average one; null where it was not asked for or
   *     the document has none
   */
  public record LegHit(
      String id,
      double score,
      DocumentRef ref,
      @Nullable Integer passage,
      @Nullable Object group,
      @Nullable List<@Nullable Object> sort,
      @Nullable Double authority) {
    public static LegHit of(String id, double score, DocumentRef ref, @Nullable Integer passage) {
      return new LegHit(id, score, ref, passage, null, null, null);
    }
  }

  /** {@code segment} counts the segments of the partition in the leased snapshot. */
  public record DocumentRef(int partition, int segment, int ordinal) {}

  /**
   * @param nodes over which ranks sum to 1
   * @param most the greatest rank, in multiples of the average one
   */
  public record AuthorityBody(long nodes, double most) {}

  public record WorkerTimings(double filterMs, double textMs, double vectorMs) {}
}
