package io.mosaicdb.coordinator.routing;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchResponse.PartitionSnapshot;
import io.mosaicdb.model.NamespaceName;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Refreshes the routing database on a thread of its own, at an interval and when told to. */
public final class RoutingRounds implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(RoutingRounds.class);
  private static final int MOST_SEEN = 10_000;
  private final RoutingMirror mirror;
  private final Duration interval;
  private final Semaphore due = new Semaphore(0);
  private final Map<String, Long> generations = new ConcurrentHashMap<>();
  private volatile @Nullable Thread thread;

  RoutingRounds(RoutingMirror mirror, Duration interval) {
    this.mirror = mirror;
    this.interval = interval;
  }

  /** Tells what a search has read: another generation than before is looked at soon. Cheap. */
  public void seen(NamespaceName namespace, Map<String, PartitionSnapshot> partitions) {
    long generation = 0;
    for (var each : partitions.values()) {
      generation += each.generation();
    }
    if (generations.size() >= MOST_SEEN) {
      generations.clear();
    }
    var before = generations.get(namespace.value());
    // A search in the past sees an older generation, which is no news.
    if (before == null || before < generation) {
      generations.merge(namespace.value(), generation, Math::max);
      if (before != null) {
        due.release();
      }
    }
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("routing-rounds").start(this::run);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          mirror.refresh();
        } catch (MosaicException e) {
          log.info("routing_not_refreshed reason={}", e.detail());
        } catch (RuntimeException e) {
          log.warn("routing_not_refreshed reason={}", e.toString());
        }
        boolean _ = due.tryAcquire(interval.toMillis(), TimeUnit.MILLISECONDS);
        due.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    var running = thread;
    if (running != null) {
      running.interrupt();
      thread = null;
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }
}
