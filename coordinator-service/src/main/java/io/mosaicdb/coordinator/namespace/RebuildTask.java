package io.mosaicdb.coordinator.namespace;

import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.JobRequest;
import io.mosaicdb.coordinator.task.TaskKind;
import io.mosaicdb.coordinator.task.TaskWork;
import io.mosaicdb.coordinator.task.Tasks;
import io.mosaicdb.coordinator.worker.WorkerJobs;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has every worker rebuild its partitions of a namespace for a change of the definition. A worker
 * where the change is in force does nothing, so that the task may be run again at any time.
 */
final class RebuildTask implements TaskKind {
  private static final JsonMapper CHANGES =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
  private final NamespaceCatalog catalog;
  private final WorkerTopology topology;
  private final JsonMapper mapper;

  /** {@code change} is JSON. */
  record Input(String namespace, String change) {}

  RebuildTask(NamespaceCatalog catalog, WorkerTopology topology, JsonMapper mapper) {
    this.catalog = catalog;
    this.topology = topology;
    this.mapper = mapper;
  }

  @Override
  public String name() {
    return "rebuild";
  }

  /**
   * @param change as {@link NamespaceCatalog#complete} makes it
   */
  TaskBody start(Tasks tasks, NamespaceName namespace, NamespaceRequest change) {
    var input = new Input(namespace.value(), CHANGES.writeValueAsString(change));
    return tasks.start(this, mapper.writeValueAsBytes(input), 0, "documents");
  }

  @Override
  public TaskWork work(byte[] bytes) {
    var input = mapper.readValue(bytes, Input.class);
    return run -> {
      var name = new NamespaceName(input.namespace());
      var request = new JobRequest(name(), Map.of("change", input.change()));
      var orders =
          topology.workers().stream().map(worker -> new WorkerJobs.Order(worker, request)).toList();
      try {
        var result = new LinkedHashMap<String, Object>();
        result.put("namespace", input.namespace());
        result.putAll(WorkerJobs.sums(WorkerJobs.run(orders, input.namespace(), run)));
        return (Map<String, Object>) result;
      } finally {
        catalog.forget(name);
      }
    };
  }
}
