package io.mosaicdb.storage.partition;

import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.compaction.CompactionPolicy;
import io.mosaicdb.storage.compaction.CompactionPolicy.Candidate;
import io.mosaicdb.storage.compaction.CompactionPolicy.Scope;
import io.mosaicdb.storage.compaction.CompactionSettings;
import io.mosaicdb.storage.shard.SealedShard;
import io.mosaicdb.storage.shard.ShardSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges shards into shards of one topic each, without the versions that nobody can ask for any
 * more; one run at a time, on the thread that calls.
 *
 * <p>A run chooses shards, reads where their documents are and what they are about, and writes one
 * new shard after the other; only then the next generation names the new ones in the place of the
 * old. Whatever ends it before, an exception or the process, leaves the generation that was there
 * and files that nobody names. Writes, searches and sealing go on meanwhile: a version that a
 * commit supersedes while it is being copied is superseded in its copy as well.
 *
 * <p>Memory is that of one shard in the making, a sample of vectors, and where each document is.
 */
final class Compactor {
  private static final Logger logger = LoggerFactory.getLogger(Compactor.class);

  private final int partition;
  private final Supplier<Schema> schema;
  private final Path folder;
  private final SegmentTable table;
  private final ShardRoom room;
  private final GenerationSwitch generations;
  private final RetentionWindow window;
  private final Clock clock;
  private final Object running = new Object();
  private volatile boolean closed;
  private volatile boolean suspended;
  private volatile boolean busy;
  private volatile long done;
  private volatile long total;
  private long runs;
  private long merged;
  private long dropped;
  private long failures;
  private @Nullable CompactionRun last;
  private @Nullable String failure;

  /**
   * @param folder where the shards are, whose disk must have room
   */
  Compactor(
      int partition,
      Supplier<Schema> schema,
      Path folder,
      SegmentTable table,
      ShardRoom room,
      GenerationSwitch generations,
      RetentionWindow window,
      Clock clock) {
    this.partition = partition;
    this.schema = schema;
    this.folder = folder;
    this.table = table;
    this.room = room;
    this.generations = generations;
    this.window = window;
    this.clock = clock;
  }

  /**
   * Merges what is to be merged; when this returns the new generation is active.
   *
   * @param stop asked before each shard that is made: the run then ends without any effect
   * @throws IOException if it failed; readers see what they saw before
   */
  CompactionRun run(CompactionSettings settings, Scope scope, BooleanSupplier stop)
      throws IOException {
    synchronized (running) {
      if (closed || suspended) {
        return nothing(clock.instant());
      }
      try {
        var run =
            room.making(
                () -> merge(settings, scope, () -> closed || suspended || stop.getAsBoolean()));
        succeeded(run);
        return run;
      } catch (IOException | SQLException | RuntimeException e) {
        failed("compaction failed: " + e.getMessage());
        throw e instanceof IOException io ? io : new IOException("compaction failed", e);
      } finally {
        busy = false;
        total = 0;
        done = 0;
      }
    }
  }

  private CompactionRun merge(CompactionSettings settings, Scope scope, BooleanSupplier stop)
      throws IOException, SQLException {
    var started = clock.instant();
    var covered = generations.findCommits();
    if (covered.isEmpty()) {
      return nothing(started);
    }
    long floor = window.floor(covered.get().last());
    var policy = new CompactionPolicy(settings);
    var candidates = candidates(floor);
    var chosen = policy.choose(candidates.stream().map(Source::candidate).toList(), scope);
    if (chosen.isEmpty()) {
      return nothing(started);
    }
    var sources = candidates.stream().filter(each -> chosen.contains(each.candidate())).toList();
    long bytes = chosen.stream().mapToLong(Candidate::bytes).sum();
    requireSpace(bytes, settings.spareBytes());
    var leaving = sources.stream().map(Source::slot).toList();
    try (var replacement = new Replacement(leaving, floor, table, room, generations)) {
      var kept = new ArrayList<int[]>();
      leaving.forEach(slot -> kept.add(replacement.keptOf(slot)));
      var documents = new MergedDocuments(sources.stream().map(Source::shard).toList(), kept);
      total = documents.versions();
      busy = true;
      var metric = ShardSchema.vectorMetric(schema.get().vector().metric());
      for (int[] group : documents.groups(metric, policy.documentsOfAShard(chosen))) {
        if (stop.getAsBoolean()) {
          return nothing(started);
        }
        replacement.add(documents.load(group));
        done = replacement.documents();
      }
      if (stop.getAsBoolean()) {
        return nothing(started);
      }
      // Nothing may be sealed between the question what is covered and the answer's use.
      synchronized (generations) {
        replacement.publish(generations.findCommits().orElseThrow());
      }
      return new CompactionRun(
          partition,
          leaving.size(),
          replacement.shardIds().size(),
          replacement.documents(),
          chosen.stream().mapToInt(Candidate::documents).sum() - documents.versions(),
          bytes,
          replacement.bytes(),
          started,
          Duration.between(started, clock.instant()));
    }
  }

  private record Source(ShardSlot slot, SealedShard shard, Candidate candidate) {}

  private List<Source> candidates(long floor) {
    var found = new ArrayList<Source>();
    synchronized (table) {
      for (ShardSlot slot : table.shards()) {
        var shard = slot.shard();
        if (shard != null && !slot.archived()) {
          var descriptor = slot.descriptor();
          int kept = descriptor.documents() - slot.state().goneBefore(floor);
          found.add(
              new Source(
                  slot,
                  shard,
                  new Candidate(
                      descriptor.shardId(), descriptor.documents(), kept, descriptor.bytes())));
        }
      }
    }
    return found;
  }

  private void requireSpace(long bytes, long spare) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free - bytes < spare) {
      throw new IOException(
          "merging shards of %d bytes would leave less than %d bytes of the %d that are free"
              .formatted(bytes, spare, free));
    }
  }

  private CompactionRun nothing(Instant started) {
    return new CompactionRun(partition, 0, 0, 0, 0, 0, 0, started, Duration.ZERO);
  }

  private synchronized void succeeded(CompactionRun run) {
    failure = null;
    if (run.didSomething()) {
      runs++;
      merged += run.merged();
      dropped += run.dropped();
      last = run;
      logger.info(
          "compacted partition={} merged={} made={} documents={} dropped={} bytes_before={}"
              + " bytes_after={} ms={}",
          partition,
          run.merged(),
          run.made(),
          run.documents(),
          run.dropped(),
          run.bytesBefore(),
          run.bytesAfter(),
          run.took().toMillis());
    }
  }

  private synchronized void failed(String reason) {
    failures++;
    failure = reason;
  }

  synchronized CompactionStatus status() {
    return new CompactionStatus(
        busy ? "running" : "idle", done, total, runs, merged, dropped, failures, last, failure);
  }

  /** Ends a run before its next shard and lets none begin until {@link #resume}. */
  void suspend() {
    suspended = true;
    synchronized (running) {
      busy = false;
    }
  }

  void resume() {
    suspended = false;
  }

  /** Ends a run before its next shard, and waits until it has ended. */
  void close() {
    closed = true;
    synchronized (running) {
      busy = false;
    }
  }
}
