package io.mosaicdb.worker.namespace;

import io.mosaicdb.storage.partition.Partition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards that are searched most, of two searched equally often the one searched last. Their
 * files are read into the page cache when they become hot, and so at every start, before anybody
 * asks. Thread-safe.
 */
final class HotShards {
  private static final Logger log = LoggerFactory.getLogger(HotShards.class);
  private static final int CHUNK = 1 << 20;
  private final int capacity;
  private volatile Set<Path> hot = Set.of();

  private record Ranked(Path file, ShardUse.Use use) {}

  HotShards(int capacity) {
    this.capacity = capacity;
  }

  boolean isHot(Path file) {
    return hot.contains(file);
  }

  /** Looks who is searched most now, and reads those that were not before. */
  void refresh(List<Namespace> namespaces) {
    var ranked = new ArrayList<Ranked>();
    for (Namespace namespace : namespaces) {
      for (Partition partition : namespace.partitions()) {
        for (Partition.ShardStatus shard : partition.shards()) {
          var use = namespace.use().of(shard.descriptor().shardId());
          if (use.queries() > 0 && shard.problem().isEmpty() && !shard.archived()) {
            ranked.add(new Ranked(shard.file(), use));
          }
        }
      }
    }
    ranked.sort(
        Comparator.comparingLong((Ranked each) -> each.use().queries())
            .thenComparingLong(each -> each.use().lastMillis())
            .reversed());
    var next = new HashSet<Path>();
    for (var each : ranked.subList(0, Math.min(capacity, ranked.size()))) {
      next.add(each.file());
    }
    var before = hot;
    hot = Set.copyOf(next);
    for (Path file : next) {
      if (!before.contains(file)) {
        read(file);
      }
    }
  }

  private static void read(Path file) {
    var chunk = ByteBuffer.allocateDirect(CHUNK);
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(chunk) >= 0) {
        chunk.clear();
      }
      log.debug("shard_preloaded file={}", file);
    } catch (IOException e) {
      // Compaction may have removed it meanwhile.
      log.debug("shard_not_preloaded file={} reason={}", file, e.getMessage());
    }
  }
}
