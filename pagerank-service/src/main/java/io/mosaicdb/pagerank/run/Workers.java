package io.mosaicdb.pagerank.run;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The shard workers, by their ids. Partition p belongs to the worker at p modulo their number, by
 * the rule of the coordinator.
 */
public final class Workers {
  private final Supplier<Map<String, ShardWorkerApi>> known;

  public Workers(Supplier<Map<String, ShardWorkerApi>> known) {
    this.known = known;
  }

  private List<ShardWorkerApi> all() {
    var workers = List.copyOf(new TreeMap<>(known.get()).values());
    if (workers.isEmpty()) {
      throw new MosaicException(
          ErrorCode.WORKER_UNAVAILABLE,
          "no shard worker is known",
          List.of(),
          Duration.ofSeconds(5),
          null);
    }
    return workers;
  }

  ShardWorkerApi any() {
    return all().getFirst();
  }

  ShardWorkerApi ownerOf(int partition) {
    var workers = all();
    return workers.get(partition % workers.size());
  }

  /** How many partitions a namespace has; {@code namespace_not_found}. */
  int partitionsOf(String namespace) {
    var settings = any().namespace(namespace).settings();
    return settings == null || settings.partitions() == null ? 1 : settings.partitions();
  }

  /** The namespace that the name leads to, which may be a second name. */
  String resolve(String name) {
    for (var alias : any().aliases().aliases()) {
      if (alias.alias().equals(name)) {
        return alias.namespace();
      }
    }
    return name;
  }
}
