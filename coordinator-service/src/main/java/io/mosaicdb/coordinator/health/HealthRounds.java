package io.mosaicdb.coordinator.health;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Refreshes the states on a thread of its own while the application runs. */
final class HealthRounds implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(HealthRounds.class);
  private final ServiceStates states;
  private final Duration interval;
  private volatile @Nullable Thread thread;

  HealthRounds(ServiceStates states, Duration interval) {
    this.states = states;
    this.interval = interval;
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("health-rounds").start(this::run);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          states.refresh();
        } catch (RuntimeException e) {
          log.warn("health round failed reason={}", e.toString());
        }
        Thread.sleep(interval);
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
