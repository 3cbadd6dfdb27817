package io.mosaicdb.worker.namespace;

import io.mosaicdb.contract.health.ComponentHealth;
import io.mosaicdb.contract.health.HealthStatus;
import io.mosaicdb.starter.health.HealthSource;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.partition.PartitionStatus;
import io.mosaicdb.worker.breaker.ShardBreakers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What the worker says of its data: damaged shards and failing logs by name, and how much is
 * unsealed.
 */
@Component
class WorkerHealth implements HealthSource {
  private final Namespaces namespaces;
  private final ShardBreakers breakers;

  WorkerHealth(Namespaces namespaces, ShardBreakers breakers) {
    this.breakers = breakers;
    this.namespaces = namespaces;
  }

  @Override
  public Map<String, ComponentHealth> components() {
    var problems = new ArrayList<String>();
    var failedLogs = new ArrayList<String>();
    var recovered = new ArrayList<>(namespaces.mended());
    long files = 0;
    long bytes = 0;
    long unsealed = 0;
    int segments = 0;
    var failedCompactions = new ArrayList<String>();
    var notActivated = new ArrayList<String>();
    long refusedGenerations = 0;
    long suspendedPartitions = 0;
    long compactions = 0;
    boolean compacting = false;
    for (Namespace namespace : namespaces.all()) {
      for (Partition partition : namespace.partitions()) {
        PartitionStatus status = partition.status();
        status.problems().forEach(problem -> problems.add(namespace.name() + ": " + problem));
        status.recovered().forEach(each -> recovered.add(namespace.name() + ": " + each));
        if (status.log().failure() != null) {
          failedLogs.add(namespace.name() + ": " + status.log().failure());
        }
        files += status.log().files();
        bytes += status.log().bytes();
        unsealed += status.unsealed();
        segments += status.segments();
        var activation = partition.activation();
        refusedGenerations += activation.refused();
        if (activation.lastRefusal() != null) {
          notActivated.add(namespace.name() + ": " + activation.lastRefusal());
        }
        if (activation.suspended() != null) {
          suspendedPartitions++;
          notActivated.add(namespace.name() + ": suspended, " + activation.suspended());
        }
        var compaction = partition.compaction();
        compactions += compaction.runs();
        compacting |= compaction.state().equals("running");
        if (compaction.failure() != null) {
          failedCompactions.add(namespace.name() + ": " + compaction.failure());
        }
      }
    }
    namespaces
        .unreadable()
        .forEach((name, reason) -> problems.add(name + " cannot be opened: " + reason));
    var leftAlone = breakers.open();
    leftAlone.forEach((shard, reason) -> problems.add("shard " + shard + " is " + reason));
    var components = new LinkedHashMap<String, ComponentHealth>();
    if (namespaces.aliasDamage() != null) {
      problems.add(namespaces.aliasDamage());
    }
    components.put(
        "storage",
        component(
            problems,
            Map.of(
                "segments", segments, "recovered", recovered, "skipped_shards", leftAlone.size())));
    components.put(
        "log", component(failedLogs, Map.of("files", files, "bytes", bytes, "unsealed", unsealed)));
    components.put(
        "compaction",
        component(failedCompactions, Map.of("runs", compactions, "running", compacting)));
    components.put(
        "generations",
        component(
            notActivated,
            Map.of("refused", refusedGenerations, "suspended_partitions", suspendedPartitions)));
    components.put("memory", memory());
    return components;
  }

  private static ComponentHealth component(List<String> problems, Map<String, Object> values) {
    return new ComponentHealth(
        problems.isEmpty() ? HealthStatus.OK : HealthStatus.DEGRADED, joined(problems), values);
  }

  private static @Nullable String joined(List<String> problems) {
    return problems.isEmpty() ? null : String.join("; ", problems);
  }

  private static ComponentHealth memory() {
    var runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    return new ComponentHealth(
        HealthStatus.OK,
        null,
        Map.of("heap_used_bytes", used, "heap_max_bytes", runtime.maxMemory()));
  }
}
