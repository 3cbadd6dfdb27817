package io.mosaicdb.worker.namespace;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of a shard worker.
 *
 * @param dataFolder where namespaces are kept, one folder each
 * @param searchThreads platform threads that search; 0: as many as there are processors
 * @param searchQueue searches that may wait for a thread before new ones are refused
 * @param shardTimeout a shard that keeps a search longer, and longer than three quarters of the
 *     search's time, is left behind; one that was left behind after this has failed
 * @param reliefThreads platform threads that search on where {@code searchThreads} are held up by a
 *     slow shard
 * @param leaseTime how long a search's snapshot stays readable for its fetch
 * @param maintenanceInterval how often sealing by age, retention and shard files are looked at
 * @param logRotateSize a commit log file is closed at this size
 * @param sealMemory a live segment is sealed when it takes this much memory
 * @param unsealedSegments writes are refused while this many full segments wait to be sealed
 * @param shardConnections read-only connections a shard, at most
 * @param shardConnectionIdle an unused connection is closed after this
 * @param shardMmapSize how much of a shard file each connection maps. Nothing by default: a file
 *     that is cut short in place while SQLite has it mapped ends the process. Ranked search maps
 *     the vectors that it reads once for all connections, and survives that
 * @param shardCacheSize page cache of each connection
 * @param verifyEvery each shard file is read again after this and compared with its checksum
 * @param verifyRate bytes a second at which shard files are verified while they are served, all
 *     together
 * @param archiveAfter a shard of which no document was read for so long is archived; 0: none is
 * @param postingsMemory memory for postings of all shards together
 * @param damagedShards with more damaged shards than these in a partition, no new generation of it
 *     is activated until an operator resumes
 * @param hotShards how many of the most searched shards are read into memory at a start
 */
@ConfigurationProperties("mosaic.worker")
record WorkerProperties(
    @DefaultValue("data/shards") Path dataFolder,
    @DefaultValue("0") int searchThreads,
    @DefaultValue("1000") int searchQueue,
    @DefaultValue("500ms") Duration shardTimeout,
    @DefaultValue("16") int reliefThreads,
    @DefaultValue("30s") Duration leaseTime,
    @DefaultValue("2s") Duration maintenanceInterval,
    @DefaultValue("100MB") DataSize logRotateSize,
    @DefaultValue("256MB") DataSize sealMemory,
    @DefaultValue("3") int unsealedSegments,
    @DefaultValue("4") int shardConnections,
    @DefaultValue("60s") Duration shardConnectionIdle,
    @DefaultValue("0") DataSize shardMmapSize,
    @DefaultValue("2MB") DataSize shardCacheSize,
    @DefaultValue("24h") Duration verifyEvery,
    @DefaultValue("64MB") DataSize verifyRate,
    @DefaultValue("0") Duration archiveAfter,
    @DefaultValue("128MB") DataSize postingsMemory,
    @DefaultValue("3") int damagedShards,
    @DefaultValue("32") int hotShards) {
  WorkerProperties {
    requireBetween("search-threads", searchThreads, 0, 1024);
    requireBetween("damaged-shards", damagedShards, 0, 1_000_000);
    requireBetween("hot-shards", hotShards, 0, 100_000);
    requireBetween("relief-threads", reliefThreads, 1, 1024);
    requireBetween("search-queue", searchQueue, 1, 100_000);
    requireBetween("unsealed-segments", unsealedSegments, 1, 64);
    requireBetween("shard-connections", shardConnections, 1, 256);
    if (archiveAfter.isNegative()) {
      throw new IllegalArgumentException(
          "mosaic.worker.archive-after must be >= 0, got " + archiveAfter);
    }
    requirePositive("shard-timeout", shardTimeout);
    requirePositive("lease-time", leaseTime);
    requirePositive("verify-every", verifyEvery);
    if (verifyRate.toBytes() < 1) {
      throw new IllegalArgumentException(
          "mosaic.worker.verify-rate must be > 0, got " + verifyRate);
    }
    requirePositive("maintenance-interval", maintenanceInterval);
    requirePositive("shard-connection-idle", shardConnectionIdle);
  }

  private static void requireBetween(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "mosaic.worker." + key + " must be between " + least + " and " + most + ", got " + value);
    }
  }

  private static void requirePositive(String key, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(
          "mosaic.worker." + key + " must be above zero, got " + value);
    }
  }
}
