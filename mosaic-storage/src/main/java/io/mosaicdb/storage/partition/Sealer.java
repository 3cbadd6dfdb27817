package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.generation.CommitRange;
import io.mosaicdb.storage.log.CommitLog;
import io.mosaicdb.storage.shard.ShardWriter;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns frozen segments into shards, one at a time, while writes and searches go on. */
final class Sealer {
  private static final Logger logger = LoggerFactory.getLogger(Sealer.class);

  private final int partition;
  private final Supplier<PartitionSettings> settings;
  private final Executor background;
  private final SegmentTable table;
  private final ShardRoom room;
  private final GenerationSwitch generations;
  private final RetentionWindow window;
  private final Losses losses;
  private final ActivationGate activations;
  private final Object sealing = new Object();
  private final AtomicBoolean queued = new AtomicBoolean();
  private volatile @Nullable CommitLog log;
  private volatile @Nullable String failure;

  Sealer(
      int partition,
      Supplier<PartitionSettings> settings,
      Executor background,
      SegmentTable table,
      ShardRoom room,
      GenerationSwitch generations,
      RetentionWindow window,
      Losses losses,
      ActivationGate activations) {
    this.activations = activations;
    this.partition = partition;
    this.settings = settings;
    this.background = background;
    this.table = table;
    this.room = room;
    this.generations = generations;
    this.window = window;
    this.losses = losses;
  }

  /** The log has been replayed: what it made full may be sealed now. */
  void start(CommitLog replayed) {
    log = replayed;
    if (table.frozenSegments() > 0 && losses.reason().isEmpty()) {
      queue();
    }
  }

  /** Why the last attempt failed, null if it did not. */
  @Nullable String failure() {
    return failure;
  }

  /** Seals in the background what is frozen. */
  void queue() {
    if (log != null && queued.compareAndSet(false, true)) {
      background.execute(() -> {
        queued.set(false);
        try {
          sealFrozen();
        } catch (IOException | RuntimeException e) {
          logger.error("sealing_failed partition={}", partition, e);
        }
      });
    }
  }

  /** Seals what is frozen; when this returns the new generation is active. */
  void sealFrozen() throws IOException {
    seal(false);
  }

  /** The same, although generations are suspended: what is in memory has no other place. */
  void sealAllTheSame() throws IOException {
    seal(true);
  }

  private void seal(boolean allTheSame) throws IOException {
    synchronized (sealing) {
      while (true) {
        var next = table.findFrozen();
        if (next.isEmpty() || (!allTheSame && waits())) {
          return;
        }
        try {
          requireCertain();
          room.making(() -> seal(next.get()));
          failure = null;
        } catch (IOException | SQLException | RuntimeException e) {
          failure = "sealing failed: " + e.getMessage();
          throw e instanceof IOException io ? io : new IOException("sealing failed", e);
        }
      }
    }
  }

  private void requireCertain() throws IOException {
    losses.requireNone("sealing");
    var unknown = table.findUnknownShard();
    if (table.isUncertain()) {
      throw new IOException(
          "sealing waits for shard %s: the log has writes that may be of its documents"
              .formatted(unknown.orElse("(back again)")));
    }
  }

  /**
   * While no generation may be activated, segments wait until half of the room for them is taken.
   * Then they are sealed all the same: it adds shards and touches none, and writes must go on.
   */
  private boolean waits() {
    return activations.isSuspended()
        && 2 * table.frozenSegments() < settings.get().unsealedSegments();
  }

  private boolean seal(FrozenSegment segment) throws IOException, SQLException {
    var commits = log;
    if (commits == null) {
      throw new IllegalStateException("sealing before the log was opened");
    }
    long floor = window.floor(segment.lastSeq());
    try (var replacement = new Replacement(List.of(segment), floor, table, room, generations)) {
      for (List<DocumentVersion> part : parts(replacement.load(segment))) {
        replacement.add(part);
      }
      replacement.publish(new CommitRange(commits.status().epoch(), 1, segment.lastSeq()));
      if (commits.status().failure() == null) {
        commits.purge(segment.lastSeq());
      }
      logger.info(
          "sealed partition={} generation={} shards={} documents={}",
          partition,
          table.snapshot().generation(),
          replacement.shardIds(),
          replacement.documents());
    }
    return true;
  }

  /**
   * One part a shard, in document order. A commit may carry the segment past its size: up to a
   * tenth more stays in one shard, so that large commits do not leave a tiny shard each.
   */
  private List<List<DocumentVersion>> parts(List<DocumentVersion> kept) {
    int most = settings.get().sealDocuments();
    if (kept.isEmpty()) {
      return List.of();
    }
    if (kept.size() <= most + most / 10) {
      return List.of(kept);
    }
    var ordered = new ArrayList<>(kept);
    ordered.sort(ShardWriter.ORDER);
    var parts = new ArrayList<List<DocumentVersion>>();
    for (int from = 0; from < ordered.size(); from += most) {
      parts.add(ordered.subList(from, Math.min(ordered.size(), from + most)));
    }
    return parts;
  }
}
