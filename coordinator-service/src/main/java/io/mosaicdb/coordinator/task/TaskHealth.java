package io.mosaicdb.coordinator.task;

import io.mosaicdb.contract.health.ComponentHealth;
import io.mosaicdb.contract.health.HealthStatus;
import io.mosaicdb.starter.health.HealthSource;
import java.util.Map;

/** The part {@code tasks} of the health report: tasks that were accepted and are lost. */
final class TaskHealth implements HealthSource {
  private final Tasks tasks;

  TaskHealth(Tasks tasks) {
    this.tasks = tasks;
  }

  @Override
  public Map<String, ComponentHealth> components() {
    var incidents = tasks.incidents();
    boolean lost = incidents.stream().anyMatch(each -> each.contains("without what it held"));
    var detail = lost ? "tasks accepted before may be lost: " + String.join("; ", incidents) : null;
    return Map.of(
        "tasks",
        new ComponentHealth(
            lost ? HealthStatus.DEGRADED : HealthStatus.OK,
            detail,
            Map.of("incidents", incidents)));
  }
}
