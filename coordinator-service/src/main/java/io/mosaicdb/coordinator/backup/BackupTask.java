package io.mosaicdb.coordinator.backup;

import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.JobRequest;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.task.TaskKind;
import io.mosaicdb.coordinator.task.TaskWork;
import io.mosaicdb.coordinator.task.Tasks;
import io.mosaicdb.coordinator.worker.WorkerJobs;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has every worker copy its partitions of a namespace. The backup's id is fixed when the task is
 * accepted, so a task that runs again completes the same backup.
 */
final class BackupTask implements TaskKind {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final NamespaceCatalog catalog;
  private final WorkerTopology topology;
  private final JsonMapper mapper;
  private final Clock clock;

  record Input(String namespace, String target, String id) {}

  BackupTask(NamespaceCatalog catalog, WorkerTopology topology, JsonMapper mapper, Clock clock) {
    this.catalog = catalog;
    this.topology = topology;
    this.mapper = mapper;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "backup";
  }

  TaskBody start(Tasks tasks, NamespaceName namespace, String target) {
    // A namespace that does not exist is refused now, not by the task.
    var _ = catalog.load(namespace);
    var id = TIME.format(clock.instant()) + "-" + UUID.randomUUID().toString().substring(0, 8);
    var input = new Input(namespace.value(), target, id);
    return tasks.start(this, mapper.writeValueAsBytes(input), 0, "files");
  }

  @Override
  public TaskWork work(byte[] bytes) {
    var input = mapper.readValue(bytes, Input.class);
    return run -> {
      int partitions = catalog.load(new NamespaceName(input.namespace())).partitions();
      var orders =
          topology.ownersOf(partitions).stream()
              .map(owner -> {
                var held =
                    owner.partitions().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(","));
                return new WorkerJobs.Order(
                    owner.worker(),
                    new JobRequest(
                        name(),
                        Map.of("target", input.target(), "id", input.id(), "partitions", held)));
              })
              .toList();
      var result = new LinkedHashMap<String, Object>();
      result.put("target", input.target());
      result.put("backup", input.id());
      result.putAll(WorkerJobs.sums(WorkerJobs.run(orders, input.namespace(), run)));
      return result;
    };
  }
}
