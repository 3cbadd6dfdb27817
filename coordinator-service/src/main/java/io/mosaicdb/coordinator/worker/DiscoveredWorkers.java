package io.mosaicdb.coordinator.worker;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.worker.ShardWorkerApi;
import io.mosaicdb.coordinator.guard.Guards;
import io.mosaicdb.starter.client.ServiceClients;
import io.mosaicdb.starter.discovery.ServiceDirectory;
import io.mosaicdb.starter.discovery.ServiceInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The workers that discovery lists, each with a client of its own behind a guard of its own. */
final class DiscoveredWorkers implements Supplier<List<Worker>> {
  static final String SERVICE = "shard-worker-service";
  private final ServiceDirectory directory;
  private final ServiceClients clients;
  private final Guards guards;
  private final Duration readTimeout;
  private final Map<ServiceInstance, Worker> workers = new ConcurrentHashMap<>();

  DiscoveredWorkers(
      ServiceDirectory directory, ServiceClients clients, Guards guards, Duration readTimeout) {
    this.directory = directory;
    this.clients = clients;
    this.guards = guards;
    this.readTimeout = readTimeout;
  }

  @Override
  public List<Worker> get() {
    var instances = directory.instances(SERVICE);
    workers.keySet().retainAll(instances);
    var found = new ArrayList<Worker>(instances.size());
    for (var instance : instances) {
      found.add(workers.computeIfAbsent(instance, this::connect));
    }
    return found;
  }

  private Worker connect(ServiceInstance instance) {
    var client =
        clients
            .client(ShardWorkerApi.class, ErrorCode.WORKER_UNAVAILABLE)
            .readTimeout(readTimeout)
            .directlyWhereLocal()
            .at(instance.uri());
    var guarded =
        guards.around(ShardWorkerApi.class, client, instance.id(), ErrorCode.WORKER_UNAVAILABLE);
    return new Worker(instance.id(), guarded);
  }
}
