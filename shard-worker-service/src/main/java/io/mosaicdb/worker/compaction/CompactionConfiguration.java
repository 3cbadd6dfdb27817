package io.mosaicdb.worker.compaction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mosaicdb.storage.partition.CompactionStatus;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.worker.namespace.DiskThreads;
import io.mosaicdb.worker.namespace.Namespaces;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CompactionConfiguration {
  /** One thread for all partitions: what compaction takes of the machine, at most. */
  @Bean
  DiskThreads compactionThread() {
    return new DiskThreads("compaction", 1, 1024);
  }

  @Bean(destroyMethod = "stop")
  Compactions compactions(
      Namespaces namespaces,
      CompactionProperties properties,
      DiskThreads compactionThread,
      ScheduledExecutorService housekeeping,
      MeterRegistry registry) {
    var compactions = new Compactions(namespaces, properties, compactionThread);
    if (properties.enabled()) {
      schedule(compactions, properties, compactionThread, housekeeping);
    }
    count(
        registry, namespaces, "runs", "compactions that merged something", CompactionStatus::runs);
    count(registry, namespaces, "failures", "compactions that failed", CompactionStatus::failures);
    count(registry, namespaces, "merged", "shards that were merged", CompactionStatus::merged);
    count(
        registry, namespaces, "dropped", "superseded versions dropped", CompactionStatus::dropped);
    var _ =
        Gauge.builder(
                "mosaic.compaction.running",
                () -> sum(namespaces, each -> each.state().equals("running") ? 1 : 0))
            .description("partitions whose shards are being merged")
            .strongReference(true)
            .register(registry);
    return compactions;
  }

  /** The scheduler only rings: a round may take long, and others need its threads. */
  private static void schedule(
      Compactions compactions,
      CompactionProperties properties,
      DiskThreads thread,
      ScheduledExecutorService housekeeping) {
    var waiting = new AtomicBoolean();
    long interval = properties.interval().toMillis();
    var _ =
        housekeeping.scheduleWithFixedDelay(
            () -> {
              if (waiting.compareAndSet(false, true)) {
                try {
                  thread
                      .executor()
                      .execute(() -> {
                        try {
                          compactions.round();
                        } finally {
                          waiting.set(false);
                        }
                      });
                } catch (RejectedExecutionException e) {
                  // Full of requests, or stopping: the next ring tries again.
                  waiting.set(false);
                }
              }
            },
            interval,
            interval,
            TimeUnit.MILLISECONDS);
  }

  private static void count(
      MeterRegistry registry,
      Namespaces namespaces,
      String name,
      String description,
      ToLongFunction<CompactionStatus> value) {
    FunctionCounter.builder(
            "mosaic.compaction." + name, namespaces, all -> (double) sum(all, value))
        .description(description)
        .register(registry);
  }

  private static long sum(Namespaces namespaces, ToLongFunction<CompactionStatus> value) {
    long sum = 0;
    for (var namespace : namespaces.all()) {
      for (Partition partition : namespace.partitions()) {
        sum += value.applyAsLong(partition.compaction());
      }
    }
    return sum;
  }
}
