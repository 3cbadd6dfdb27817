package io.mosaicdb.storage.generation;

import java.util.List;

/**
 * What opening a {@link GenerationStore} found wrong. A caller that serves on without the damaged
 * shards is degraded and says so.
 *
 * @param problems what happened to manifests and {@code CURRENT}, for the operator
 * @param damagedShards shards of the active generation that are missing or altered
 */
public record StoreReport(List<String> problems, List<DamagedShard> damagedShards) {
  /** A shard of the active generation that cannot be served. */
  public record DamagedShard(ShardDescriptor shard, String reason) {}

  public StoreReport {
    problems = List.copyOf(problems);
    damagedShards = List.copyOf(damagedShards);
  }

  public boolean clean() {
    return problems.isEmpty() && damagedShards.isEmpty();
  }
}
