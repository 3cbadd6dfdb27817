package io.mosaicdb.storage.sql;

import java.util.List;

/**
 * What was read.
 *
 * @param segments all of the snapshots, those that cannot be read included
 * @param pruned segments that hold no row that the statement could use
 * @param failed those that cannot be read, by shard id, with the reason
 */
public record SqlCoverage(int segments, int pruned, List<Failed> failed) {
  public SqlCoverage {
    failed = List.copyOf(failed);
  }

  public record Failed(int partition, String shardId, String reason) {}

  public int read() {
    return segments - pruned - failed.size();
  }
}
