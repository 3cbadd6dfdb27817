package io.mosaicdb.coordinator.shards;

import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.JobRequest;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.task.TaskKind;
import io.mosaicdb.coordinator.task.TaskWork;
import io.mosaicdb.coordinator.task.Tasks;
import io.mosaicdb.coordinator.worker.WorkerJobs;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has every worker merge its shards of a namespace. Run again after a restart it merges what is
 * left to merge.
 */
final class CompactTask implements TaskKind {
  private final NamespaceCatalog catalog;
  private final WorkerTopology topology;
  private final JsonMapper mapper;

  record Input(String namespace, String scope) {}

  CompactTask(NamespaceCatalog catalog, WorkerTopology topology, JsonMapper mapper) {
    this.catalog = catalog;
    this.topology = topology;
    this.mapper = mapper;
  }

  @Override
  public String name() {
    return "compact";
  }

  TaskBody start(Tasks tasks, NamespaceName namespace, String scope) {
    var input = mapper.writeValueAsBytes(new Input(namespace.value(), scope));
    return tasks.start(this, input, 0, "partitions");
  }

  @Override
  public TaskWork work(byte[] bytes) {
    var input = mapper.readValue(bytes, Input.class);
    return run -> {
      int partitions = catalog.load(new NamespaceName(input.namespace())).partitions();
      var request = new JobRequest(name(), Map.of("scope", input.scope()));
      var orders =
          topology.ownersOf(partitions).stream()
              .map(owner -> new WorkerJobs.Order(owner.worker(), request))
              .toList();
      return WorkerJobs.sums(WorkerJobs.run(orders, input.namespace(), run));
    };
  }
}
