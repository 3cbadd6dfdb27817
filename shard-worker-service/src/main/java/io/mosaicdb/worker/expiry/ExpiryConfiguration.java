package io.mosaicdb.worker.expiry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mosaicdb.storage.partition.ShardReaders;
import io.mosaicdb.worker.namespace.DiskThreads;
import io.mosaicdb.worker.namespace.Namespaces;
import java.time.Clock;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ExpiryConfiguration {
  /** A pass searches SQLite's files and waits for commits: not for the scheduler's threads. */
  @Bean
  DiskThreads expiryThread() {
    return new DiskThreads("expiry", 1, 1);
  }

  @Bean(destroyMethod = "stop")
  Expiry expiry(
      Namespaces namespaces,
      ShardReaders shardReaders,
      ExpiryProperties properties,
      DiskThreads expiryThread,
      ScheduledExecutorService housekeeping,
      MeterRegistry registry) {
    var expiry = new Expiry(namespaces, shardReaders, Clock.systemUTC(), properties.documents());
    FunctionCounter.builder("mosaic.expiry.documents", expiry, Expiry::deleted)
        .description("documents that were deleted because their time was over")
        .register(registry);
    var _ =
        Gauge.builder("mosaic.expiry.failing", expiry, each -> each.failures().size())
            .description("partitions whose documents could not be deleted in the last pass")
            .register(registry);
    var running = new AtomicBoolean();
    long interval = properties.interval().toMillis();
    var _ =
        housekeeping.scheduleWithFixedDelay(
            () -> ring(expiry, expiryThread, running), interval, interval, TimeUnit.MILLISECONDS);
    return expiry;
  }

  private static void ring(Expiry expiry, DiskThreads thread, AtomicBoolean running) {
    if (!running.compareAndSet(false, true)) {
      return;
    }
    try {
      thread
          .executor()
          .execute(() -> {
            try {
              expiry.pass();
            } finally {
              running.set(false);
            }
          });
    } catch (RejectedExecutionException e) {
      // Stopping.
      running.set(false);
    }
  }
}
