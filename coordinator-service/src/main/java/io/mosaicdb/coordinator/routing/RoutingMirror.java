package io.mosaicdb.coordinator.routing;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.coordinator.routing.RoutingDatabase.Held;
import io.mosaicdb.coordinator.routing.RoutingDatabase.ShardName;
import io.mosaicdb.coordinator.worker.Worker;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Takes what the workers say about their shards over into the routing database. */
final class RoutingMirror {
  private final RoutingDatabase database;
  private final WorkerTopology topology;
  private final InstantSource clock;

  RoutingMirror(RoutingDatabase database, WorkerTopology topology, InstantSource clock) {
    this.database = database;
    this.topology = topology;
    this.clock = clock;
  }

  /**
   * One look at every worker.
   *
   * @throws MosaicException if one does not answer; what it said before stays
   */
  void refresh() {
    var workers = topology.workers();
    var shards = new TreeMap<String, List<Held>>();
    var holders = new HashMap<ShardName, Worker>();
    for (Worker worker : workers) {
      for (var namespace : worker.api().namespaces().namespaces()) {
        var name = namespace.namespace();
        var held = shards.computeIfAbsent(name, _ -> new ArrayList<>());
        try {
          for (var shard : worker.api().shards(name).shards()) {
            held.add(new Held(worker.id(), shard));
            holders.put(new ShardName(name, shard.partition(), shard.shardId()), worker);
          }
        } catch (MosaicException e) {
          // Deleted since the worker listed it.
          if (e.code() != ErrorCode.NAMESPACE_NOT_FOUND) {
            throw e;
          }
        }
      }
    }
    shards.forEach((namespace, held) -> database.refresh(namespace, held, clock.millis()));
    database.retain(shards.keySet());
    describe(holders);
  }

  private void describe(Map<ShardName, Worker> holders) {
    for (var key : database.undescribed()) {
      var holder = holders.get(key);
      if (holder == null) {
        continue;
      }
      try {
        database.describe(
            key, holder.api().routing(key.namespace(), key.partition(), key.shardId()));
      } catch (MosaicException e) {
        // Merged into another since the worker listed it; the next look will not see it.
        if (e.code() != ErrorCode.NOT_FOUND && e.code() != ErrorCode.NAMESPACE_NOT_FOUND) {
          throw e;
        }
      }
    }
  }
}
