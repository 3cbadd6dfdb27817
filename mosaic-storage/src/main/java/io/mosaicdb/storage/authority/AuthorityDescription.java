package io.mosaicdb.storage.authority;

import java.time.Instant;

/**
 * What the ranks of a run are.
 *
 * @param run names the computation, in all partitions alike
 * @param level what has a rank of its own, a document or a host
 * @param nodes over which the run's ranks sum to 1, in all partitions together
 * @param documents that have a rank in this partition
 */
public record AuthorityDescription(
    String run, String level, long nodes, long documents, Instant computedAt) {
  public AuthorityDescription {
    if (nodes < 0 || documents < 0) {
      throw new IllegalArgumentException(
          "nodes and documents must be >= 0, got " + nodes + " and " + documents);
    }
  }
}
