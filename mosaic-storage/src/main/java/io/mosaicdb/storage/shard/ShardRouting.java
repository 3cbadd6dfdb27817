package io.mosaicdb.storage.shard;

import java.util.List;

/**
 * What tells a router whether a shard is worth asking.
 *
 * @param termFilter a {@link io.mosaicdb.storage.text.TermBloomFilter} as it is stored
 */
public record ShardRouting(List<RoutingCentroid> centroids, byte[] termFilter) {
  public ShardRouting {
    centroids = List.copyOf(centroids);
  }
}
