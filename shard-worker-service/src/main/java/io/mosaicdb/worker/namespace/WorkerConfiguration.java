package io.mosaicdb.worker.namespace;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.mosaicdb.model.schema.NamespaceSettings;
import io.mosaicdb.storage.hash.Pace;
import io.mosaicdb.storage.log.LogSettings;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.partition.PartitionSettings;
import io.mosaicdb.storage.partition.ShardReaders;
import io.mosaicdb.storage.partition.Verification;
import io.mosaicdb.storage.search.SnapshotSearch;
import io.mosaicdb.storage.sqlite.ReadOnlySettings;
import io.mosaicdb.storage.text.TextIndexMemory;
import io.mosaicdb.worker.search.SnapshotLeases;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WorkerConfiguration {
  private static final Duration CHECKOUT_TIMEOUT = Duration.ofSeconds(2);

  /** Searches: as many threads as processors, since they compute more than they wait. */
  @Bean
  DiskThreads searchThreads(WorkerProperties properties) {
    return new DiskThreads("search", threadsOf(properties), properties.searchQueue());
  }

  /** Searches whose threads are held up by a slow shard: they wait more than they compute. */
  @Bean
  DiskThreads reliefThreads(WorkerProperties properties) {
    return new DiskThreads("relief", properties.reliefThreads(), 1);
  }

  private static int threadsOf(WorkerProperties properties) {
    return properties.searchThreads() > 0
        ? properties.searchThreads()
        : Runtime.getRuntime().availableProcessors();
  }

  /**
   * Everything else that touches the disk, so that a slow creation or seal does not stand before a
   * search.
   */
  @Bean
  DiskThreads diskThreads(WorkerProperties properties) {
    return new DiskThreads("disk", 8, properties.searchQueue());
  }

  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService housekeeping() {
    return Executors.newScheduledThreadPool(
        2, Thread.ofPlatform().name("housekeeping-", 0).daemon().factory());
  }

  @Bean
  DiskThreads sealingThreads() {
    return new DiskThreads("sealing", 1, 1024);
  }

  @Bean
  Namespaces namespaces(
      WorkerProperties properties,
      ScheduledExecutorService housekeeping,
      DiskThreads sealingThreads,
      ShardReaders shardReaders)
      throws IOException {
    var resources =
        new Partition.Resources(
            new TextIndexMemory(properties.postingsMemory().toBytes()),
            housekeeping,
            sealingThreads.executor(),
            shardReaders,
            new Verification(properties.verifyEvery(), new Pace(properties.verifyRate().toBytes())),
            Clock.systemUTC(),
            Partition.Resources.queries(),
            properties.damagedShards());
    var namespaces =
        new Namespaces(
            properties.dataFolder(),
            settings -> partition(properties, settings),
            resources,
            properties.hotShards());
    housekeeping.execute(namespaces::preload);
    long interval = properties.maintenanceInterval().toMillis();
    var _ =
        housekeeping.scheduleWithFixedDelay(
            namespaces::maintain, interval, interval, TimeUnit.MILLISECONDS);
    var idle = properties.archiveAfter();
    if (!idle.isZero()) {
      var _ =
          housekeeping.scheduleWithFixedDelay(
              () -> namespaces.archiveIdle(idle), interval, interval, TimeUnit.MILLISECONDS);
    }
    return namespaces;
  }

  @Bean
  MeterBinder generationMetrics(Namespaces namespaces) {
    return registry -> {
      var _ =
          FunctionCounter.builder(
                  "mosaic.generations.refused",
                  namespaces,
                  all -> sum(all, partition -> partition.activation().refused()))
              .description("generations that were not activated")
              .register(registry);
      var _ =
          Gauge.builder(
                  "mosaic.generations.suspended",
                  namespaces,
                  all -> sum(all, partition -> partition.activation().suspended() == null ? 0 : 1))
              .description("partitions of which no generation is activated")
              .register(registry);
    };
  }

  private static double sum(Namespaces namespaces, ToLongFunction<Partition> value) {
    return namespaces.all().stream()
        .flatMap(namespace -> namespace.partitions().stream())
        .mapToLong(value)
        .sum();
  }

  private static PartitionSettings partition(
      WorkerProperties properties, NamespaceSettings settings) {
    return new PartitionSettings(
        LogSettings.defaults().withRotateBytes(properties.logRotateSize().toBytes()),
        new ReadOnlySettings(
            properties.shardConnections(),
            CHECKOUT_TIMEOUT,
            properties.shardConnectionIdle(),
            properties.shardMmapSize().toBytes(),
            properties.shardCacheSize().toBytes()),
        settings.shardDocuments(),
        properties.sealMemory().toBytes(),
        settings.sealAge(),
        settings.retainGenerations(),
        properties.unsealedSegments());
  }

  @Bean
  ShardReaders shardReaders() {
    return new ShardReaders();
  }

  @Bean
  SnapshotLeases snapshotLeases(
      WorkerProperties properties, ScheduledExecutorService housekeeping) {
    var leases = new SnapshotLeases(properties.leaseTime(), Clock.systemUTC());
    var _ = housekeeping.scheduleWithFixedDelay(leases::sweep, 1, 1, TimeUnit.SECONDS);
    return leases;
  }

  @Bean
  SnapshotSearch snapshotSearch(
      DiskThreads searchThreads, DiskThreads reliefThreads, WorkerProperties properties) {
    return new SnapshotSearch(
        searchThreads.executor(),
        reliefThreads.executor(),
        threadsOf(properties),
        properties.shardTimeout());
  }
}
