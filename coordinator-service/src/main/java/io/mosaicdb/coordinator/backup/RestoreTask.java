package io.mosaicdb.coordinator.backup;

import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.JobRequest;
import io.mosaicdb.coordinator.task.TaskKind;
import io.mosaicdb.coordinator.task.TaskWork;
import io.mosaicdb.coordinator.task.Tasks;
import io.mosaicdb.coordinator.worker.WorkerJobs;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has every worker make its partitions of a namespace from a backup. A worker that has done so for
 * this task does not do it again.
 */
final class RestoreTask implements TaskKind {
  private final WorkerTopology topology;
  private final JsonMapper mapper;

  /** {@code id} null: the newest. */
  record Input(String namespace, String from, @Nullable String id) {}

  RestoreTask(WorkerTopology topology, JsonMapper mapper) {
    this.topology = topology;
    this.mapper = mapper;
  }

  @Override
  public String name() {
    return "restore";
  }

  TaskBody start(Tasks tasks, NamespaceName namespace, String from, @Nullable String id) {
    var input = mapper.writeValueAsBytes(new Input(namespace.value(), from, id));
    return tasks.start(this, input, 0, "files");
  }

  @Override
  public TaskWork work(byte[] bytes) {
    var input = mapper.readValue(bytes, Input.class);
    return run -> {
      var workers = topology.workers();
      var orders = new ArrayList<WorkerJobs.Order>();
      for (int i = 0; i < workers.size(); i++) {
        var options = new LinkedHashMap<String, String>();
        options.put("from", input.from());
        options.put("task", run.id());
        options.put("worker", Integer.toString(i));
        options.put("workers", Integer.toString(workers.size()));
        if (input.id() != null) {
          options.put("id", input.id());
        }
        orders.add(new WorkerJobs.Order(workers.get(i), new JobRequest(name(), options)));
      }
      var result = new LinkedHashMap<String, Object>();
      result.put("namespace", input.namespace());
      result.put("from", input.from());
      result.putAll(WorkerJobs.sums(WorkerJobs.run(orders, input.namespace(), run)));
      return (Map<String, Object>) result;
    };
  }
}
