package io.mosaicdb.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.health.ComponentHealth;
import io.mosaicdb.contract.health.HealthStatus;
import io.mosaicdb.embedding.backend.ObservedBackend;
import io.mosaicdb.embedding.backend.RecordingBackend;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EmbedderHealthTest {
  private final RecordingBackend model = new RecordingBackend(1);
  private final ObservedBackend backend = new ObservedBackend(model, new SimpleMeterRegistry());

  @Test
  void isDownUntilTheModelHasAnsweredOnce() {
    var held = model.hold();
    try (var health = new EmbedderHealth(backend, Duration.ZERO)) {
      assertThat(embedder(health).status()).isEqualTo(HealthStatus.DOWN);
      assertThat(embedder(health).detail()).isEqualTo("the embedding model has not answered yet");

      held.countDown();
      awaitStatus(health, HealthStatus.OK);

      assertThat(embedder(health).values()).containsEntry("id", "recording");
      assertThat(model.calls()).containsExactly(List.of("q: ready"));
    }
  }

  @Test
  void saysWhyItIsDownAndFindsOutByItselfWhenItIsNot() {
    model.before(texts -> {
      throw new MosaicException(ErrorCode.EMBEDDER_UNAVAILABLE, "server says 500");
    });
    try (var health = new EmbedderHealth(backend, Duration.ZERO)) {
      awaitStatus(health, HealthStatus.DOWN);
      while (!"server says 500".equals(embedder(health).detail())) {
        Thread.onSpinWait();
      }

      model.before(texts -> {});

      awaitStatus(health, HealthStatus.OK);
    }
  }

  @Test
  void doesNotBlameTheModelForARefusedText() {
    try (var health = new EmbedderHealth(backend, Duration.ZERO)) {
      awaitStatus(health, HealthStatus.OK);

      try {
        backend.embed(List.of(RecordingBackend.REFUSED));
      } catch (MosaicException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_VALUE);
      }

      assertThat(embedder(health).status()).isEqualTo(HealthStatus.OK);
    }
  }

  private static ComponentHealth embedder(EmbedderHealth health) {
    return Objects.requireNonNull(health.components().get("embedder"));
  }

  private static void awaitStatus(EmbedderHealth health, HealthStatus status) {
    while (embedder(health).status() != status) {
      Thread.onSpinWait();
    }
  }
}
