package io.mosaicdb.storage.partition;

import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.model.document.WriteStatus;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.document.CommitCodec;
import io.mosaicdb.storage.log.Append;
import io.mosaicdb.storage.log.Commit;
import io.mosaicdb.storage.log.LocalCommitLog;
import io.mosaicdb.storage.log.LogEntry;
import io.mosaicdb.storage.log.LogPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of a commit: checked, appended to the log, applied to the {@link SegmentTable} when it is
 * on disk. A replay of the log takes the second half of that way.
 */
final class WritePath {
  private static final int REMEMBERED_OUTCOMES = 4096;

  private final Supplier<Schema> schema;
  private final Supplier<PartitionSettings> settings;
  private final SegmentTable table;
  private final Sealer sealer;
  private final LocalCommitLog log;
  private final Losses losses;

  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  /** Commits that were let in and are not visible yet. Guarded by the gate's monitor. */
  private int onTheirWay;

  /** Commits between append and apply, by the very array, so that each is decoded once. */
  private final Map<byte[], CommitBatch> decoded =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private final Map<Long, List<WriteOutcome>> outcomes =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, List<WriteOutcome>> eldest) {
              return size() > REMEMBERED_OUTCOMES;
            }
          });

  /** Opens the log and applies what it holds beyond {@code sealed}. */
  WritePath(
      Path folder,
      LogPosition sealed,
      Supplier<Schema> schema,
      Supplier<PartitionSettings> settings,
      SegmentTable table,
      Sealer sealer,
      Losses losses,
      boolean begun)
      throws IOException {
    this.losses = losses;
    this.schema = schema;
    this.settings = settings;
    this.table = table;
    this.sealer = sealer;
    this.log =
        begun
            ? LocalCommitLog.openBegun(folder, settings.get().log(), sealed, this::apply)
            : LocalCommitLog.open(folder, settings.get().log(), sealed, this::apply);
  }

  LocalCommitLog log() {
    return log;
  }

  /** As {@link Partition#append}. */
  CompletableFuture<CommitOutcome> append(byte[] payload, @Nullable String operationId) {
    var batch = CommitCodec.decode(payload);
    gate.readLock().lock();
    try {
      return append(payload, batch, operationId);
    } finally {
      gate.readLock().unlock();
    }
  }

  /** Work that changes what is there and must not meet a {@link #hold}. */
  interface Work<T> {
    T run() throws IOException;
  }

  <T> T letIn(Work<T> work) throws IOException {
    gate.readLock().lock();
    try {
      return work.run();
    } finally {
      gate.readLock().unlock();
    }
  }

  /**
   * Lets no commit in until {@link #admit}, and waits for those that are on their way; whoever
   * appends meanwhile waits. For the thread that will admit them again.
   */
  void hold() throws InterruptedException {
    gate.writeLock().lock();
    try {
      synchronized (gate) {
        while (onTheirWay > 0) {
          gate.wait();
        }
      }
    } catch (InterruptedException e) {
      gate.writeLock().unlock();
      throw e;
    }
  }

  /** Undoes {@link #hold}. */
  void admit() {
    gate.writeLock().unlock();
  }

  private void passed(int commits) {
    synchronized (gate) {
      onTheirWay += commits;
      gate.notifyAll();
    }
  }

  private CompletableFuture<CommitOutcome> append(
      byte[] payload, CommitBatch batch, @Nullable String operationId) {
    // First: vectors of another model may have another length as well.
    requireSameEmbedder(batch);
    CommitCheck.check(batch, schema.get());
    var refusal = findRefusal(batch);
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(new PartitionReadOnlyException(refusal.get()));
    }
    int waiting = table.frozenSegments();
    if (waiting >= settings.get().unsealedSegments()) {
      sealer.queue();
      return CompletableFuture.failedFuture(new SealingBehindException(waiting));
    }
    decoded.put(payload, batch);
    passed(1);
    CompletableFuture<Commit> visible;
    try {
      visible = log.append(Append.of(payload, operationId)).visible();
    } catch (RuntimeException e) {
      decoded.remove(payload);
      passed(-1);
      throw e;
    }
    return visible
        .whenComplete((_, _) -> {
          decoded.remove(payload);
          passed(-1);
        })
        .thenApply(commit ->
            new CommitOutcome(
                commit.commitSeq(),
                commit.commitId(),
                commit.duplicate(),
                outcomesOf(commit.commitSeq(), batch)));
  }

  /**
   * A delete, or a write under a condition, depends on what is there. While a shard cannot be read
   * of which not even the ids are known, its outcome could turn out to be another one.
   */
  private Optional<String> findRefusal(CommitBatch batch) {
    var lost = losses.reason();
    if (lost.isPresent() || !dependsOnWhatIsThere(batch)) {
      return lost;
    }
    return table
        .findUnknownShard()
        .map(shard ->
            "shard %s could not be read since the start: deletes and conditional writes wait until it is back"
                .formatted(shard));
  }

  private static boolean dependsOnWhatIsThere(CommitBatch batch) {
    return batch.operations().stream()
        .anyMatch(each -> each.upsert() == null || each.version() != null);
  }

  private void requireSameEmbedder(CommitBatch batch) {
    if (batch.operations().stream()
        .noneMatch(each -> each.upsert() != null && !each.upsert().passages().isEmpty())) {
      return;
    }
    var held = table.embedder();
    if (held != null && !held.equals(batch.embedder())) {
      throw new EmbedderMismatchException(batch.embedder(), held);
    }
  }

  private List<WriteOutcome> outcomesOf(long commitSeq, CommitBatch batch) {
    var known = outcomes.get(commitSeq);
    if (known != null) {
      return known;
    }
    // A repetition of a commit from long ago: what it did then is no longer known, what it wrote
    // is.
    return batch.operations().stream()
        .map(each ->
            each.upsert() == null
                ? new WriteOutcome(each.id(), WriteStatus.DELETED, 0)
                : new WriteOutcome(each.id(), WriteStatus.REPLACED, commitSeq))
        .toList();
  }

  /** Called by the log's writer, or by its opener during replay. */
  private void apply(List<LogEntry> entries) {
    boolean full;
    synchronized (table) {
      for (LogEntry entry : entries) {
        var batch = batchOf(entry);
        outcomes.put(entry.seq(), apply(entry.seq(), batch));
        table.applied(entry.seq());
      }
      table.publish();
      full = table.isFull(settings.get());
      if (full) {
        table.freeze();
      }
    }
    if (full) {
      sealer.queue();
    }
  }

  private CommitBatch batchOf(LogEntry entry) {
    var known = decoded.remove(entry.payload());
    return known == null ? CommitCodec.decode(entry.payload()) : known;
  }

  private List<WriteOutcome> apply(long commitSeq, CommitBatch batch) {
    var results = new ArrayList<WriteOutcome>(batch.operations().size());
    for (Operation operation : batch.operations()) {
      var id = operation.id();
      var place = table.findLive(id);
      long version = place == null ? Operation.ABSENT : place.version();
      if (operation.version() != null
          && place == null
          && table.mayBeUnread(id, operation.version())) {
        table.becomeUncertain();
      }
      if (operation.version() != null && operation.version() != version) {
        results.add(new WriteOutcome(id, WriteStatus.PRECONDITION_FAILED, version));
        continue;
      }
      if (place != null) {
        place.state().supersede(place.document(), commitSeq);
      }
      var document = operation.upsert();
      if (document == null) {
        table.deleteUnmet(id, commitSeq);
        results.add(
            new WriteOutcome(id, place == null ? WriteStatus.NOT_FOUND : WriteStatus.DELETED, 0));
        continue;
      }
      if (!document.passages().isEmpty()) {
        table.holdVectorsOf(batch.embedder());
      }
      table.append(document, commitSeq);
      results.add(
          new WriteOutcome(
              id, place == null ? WriteStatus.CREATED : WriteStatus.REPLACED, commitSeq));
    }
    return results;
  }
}
