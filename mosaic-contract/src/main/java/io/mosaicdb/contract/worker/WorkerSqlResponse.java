package io.mosaicdb.contract.worker;

import io.mosaicdb.contract.search.SearchResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A worker's answer to a statement.
 *
 * @param scope what of this worker was read
 */
public record WorkerSqlResponse(
    List<String> columns, List<List<@Nullable Object>> rows, boolean truncated, SqlScope scope) {
  /**
   * @param partitions the snapshot of each
   * @param degraded one entry a shard that could not be read
   */
  public record SqlScope(
      Map<String, SearchResponse.PartitionSnapshot> partitions,
      SearchResponse.ShardsBody shards,
      List<SearchResponse.DegradedBody> degraded) {}
}
