package io.mosaicdb.coordinator.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.contract.health.ComponentHealth;
import io.mosaicdb.contract.health.HealthApi;
import io.mosaicdb.contract.health.HealthReport;
import io.mosaicdb.contract.health.HealthStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceStatesTest {
  private static Map<String, HealthApi> one(String part, ComponentHealth health) {
    return Map.of("one", () -> HealthReport.of(Map.of(part, health)));
  }

  private static HealthReport report(ComponentHealth storage, ComponentHealth embedder) {
    var states = new ServiceStates(() -> one("storage", storage), () -> one("embedder", embedder));
    states.refresh();
    return HealthReport.of(states.components());
  }

  @Test
  void isOnlyDegradedByAnEmbedderThatSaysItIsDown() {
    var report = report(ComponentHealth.ok(), ComponentHealth.down("its backend is away"));

    assertThat(report.status()).isEqualTo(HealthStatus.DEGRADED);
    assertThat(report.components())
        .hasEntrySatisfying(
            "embedder", embedder -> assertThat(embedder.detail()).isEqualTo("its backend is away"));
  }

  @Test
  void isDownWithAWorkerThatSaysItIsDown() {
    var report = report(ComponentHealth.down("the disk is full"), ComponentHealth.ok());

    assertThat(report.status()).isEqualTo(HealthStatus.DOWN);
  }
}
