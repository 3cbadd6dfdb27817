package io.mosaicdb.embedding;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.health.ComponentHealth;
import io.mosaicdb.embedding.backend.ObservedBackend;
import io.mosaicdb.starter.health.HealthSource;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports how the model's last call ended. As long as there was none, or the last one failed some
 * time ago, a call of its own finds out, beside the one who asks.
 */
final class EmbedderHealth implements HealthSource, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbedderHealth.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final ObservedBackend backend;
  private final Duration probeAfter;
  private @Nullable Thread probe;

  /**
   * @param probeAfter how old a failure must be to be looked at again
   */
  EmbedderHealth(ObservedBackend backend, Duration probeAfter) {
    this.backend = backend;
    this.probeAfter = probeAfter;
    startProbe();
  }

  @Override
  public Map<String, ComponentHealth> components() {
    var last = backend.last();
    if (unknown(last)) {
      startProbe();
    }
    return Map.of("embedder", health(last));
  }

  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      running = probe;
    }
    if (running == null) {
      return;
    }
    running.interrupt();
    try {
      boolean _ = running.join(STOP_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ComponentHealth health(ObservedBackend.@Nullable Ending last) {
    if (last == null) {
      return ComponentHealth.down("the embedding model has not answered yet");
    }
    if (last.failure() != null) {
      return ComponentHealth.down(last.failure());
    }
    var identity = backend.embedder().identity();
    return ComponentHealth.ok(
        Map.of(
            "id", identity.id(),
            "revision", identity.revision(),
            "dimensions", identity.dimensions(),
            "backend", backend.embedder().backend()));
  }

  private boolean unknown(ObservedBackend.@Nullable Ending last) {
    return last == null || (last.failure() != null && last.age().compareTo(probeAfter) >= 0);
  }

  private synchronized void startProbe() {
    // Asked again: the probe that ended this moment may have found out.
    if ((probe == null || !probe.isAlive()) && unknown(backend.last())) {
      probe = Thread.ofPlatform().name("embedder-probe").daemon().start(this::probe);
    }
  }

  private void probe() {
    boolean first = backend.last() == null;
    try {
      backend.probe();
      log.info("embedder=ready identity={}", backend.embedder().identity());
    } catch (MosaicException e) {
      if (first) {
        log.warn("embedder=down reason=\"{}\"", e.detail());
      }
    }
  }
}
