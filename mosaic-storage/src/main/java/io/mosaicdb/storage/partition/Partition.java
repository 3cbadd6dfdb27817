package io.mosaicdb.storage.partition;

import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.backup.BackupFolder;
import io.mosaicdb.storage.backup.PartitionBackup;
import io.mosaicdb.storage.compaction.CompactionPolicy.Scope;
import io.mosaicdb.storage.compaction.CompactionSettings;
import io.mosaicdb.storage.document.CommitCodec;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.generation.GenerationManifest;
import io.mosaicdb.storage.generation.GenerationStore;
import io.mosaicdb.storage.generation.GenerationSummary;
import io.mosaicdb.storage.generation.ShardDescriptor;
import io.mosaicdb.storage.log.LogOverloadedException;
import io.mosaicdb.storage.log.LogPosition;
import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.search.SegmentView;
import io.mosaicdb.storage.segment.SegmentReadException;
import io.mosaicdb.storage.shard.ShardRouting;
import io.mosaicdb.storage.text.TextIndexMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A partition on disk: the front door. Thread-safe. */
public final class Partition implements AutoCloseable {
  private final int number;
  private volatile PartitionSettings settings;
  private final GenerationStore generations;
  private final SegmentTable table;
  private final ShardRoom room;
  private final ShardInspection inspection;
  private final RetentionWindow window;
  private final Sealer sealer;
  private final WritePath writes;
  private final Compactor compactor;
  private final GenerationSwitch generationSwitch;
  private final ShardReaders readers;
  private final Clock clock;

  /**
   * What partitions of one process share.
   *
   * @param background where sealing runs: platform threads, since it calls SQLite
   * @param readers of all of them
   */
  public record Resources(
      TextIndexMemory textMemory,
      ScheduledExecutorService cleaner,
      Executor background,
      ShardReaders readers,
      Clock clock) {}

  private Partition(
      int number,
      Path folder,
      Supplier<Schema> schema,
      PartitionSettings settings,
      Resources resources)
      throws IOException {
    this.number = number;
    this.settings = settings;
    this.readers = resources.readers();
    this.clock = resources.clock();
    Files.createDirectories(folder);
    generations = GenerationStore.open(folder, resources.clock());
    table = new SegmentTable(number, schema, resources.clock());
    room = new ShardRoom(schema, this::settings, resources, generations, table);
    inspection = new ShardInspection(generations, table, room, resources.readers());
    var sealed = new LogPosition(1, 0);
    var manifest = generations.findCurrent();
    if (manifest.isPresent()) {
      sealed = start(manifest.get());
    }
    generationSwitch =
        new GenerationSwitch(
            number, schema, generations, table, resources.readers(), resources.clock());
    window =
        new RetentionWindow(
            () -> settings().retainGenerations(), generations, table, resources.clock());
    sealer =
        new Sealer(
            number, this::settings, resources.background(), table, room, generationSwitch, window);
    writes = new WritePath(folder.resolve("log"), sealed, schema, this::settings, table, sealer);
    compactor =
        new Compactor(
            number,
            schema,
            generations.shardFolder(),
            table,
            room,
            generationSwitch,
            window,
            resources.clock());
    sealer.start(writes.log());
  }

  private PartitionSettings settings() {
    return settings;
  }

  /**
   * Keeps the partition otherwise from now on: when it seals, how long it retains. How files are
   * opened stays as it was.
   */
  public void change(PartitionSettings changed) {
    settings = changed;
  }

  private LogPosition start(GenerationManifest manifest) {
    var commits = manifest.commits();
    var embedder = manifest.embedder();
    table.start(
        manifest.number(),
        commits.last(),
        manifest.oldestReadable(),
        embedder == null ? "" : PartitionEmbedder.describe(embedder),
        inspection.open(manifest));
    return new LogPosition(commits.epoch(), commits.last());
  }

  /**
   * Opens a partition, created if missing, and replays what its log holds beyond the active
   * generation. A damaged shard does not keep it from opening: it is reported and the others
   * answer.
   *
   * @throws IOException if the folder cannot be read or written
   */
  public static Partition open(
      int number,
      Path folder,
      Supplier<Schema> schema,
      PartitionSettings settings,
      Resources resources)
      throws IOException {
    return new Partition(number, folder, schema, settings, resources);
  }

  /**
   * Appends a commit; the future completes when it is on disk and searchable.
   *
   * @param payload a {@link CommitBatch} as {@link CommitCodec} encodes it; not changed afterwards
   * @param operationId a repeated one with the same payload is applied once
   * @throws IllegalArgumentException if the payload is no commit, or does not fit the schema
   * @throws EmbedderMismatchException if its vectors come from another model than the partition's
   * @throws LogOverloadedException through the future, if too much waits to be written
   * @throws SealingBehindException through the future, if too much waits to be sealed
   */
  public CompletableFuture<CommitOutcome> append(byte[] payload, @Nullable String operationId) {
    return writes.append(payload, operationId);
  }

  /** Seals whatever is unsealed; when this returns the new generation is active. */
  public void seal() throws IOException {
    table.freeze();
    sealer.sealFrozen();
  }

  /**
   * Merges shards, grouped by topic, without the versions that nobody can ask for any more; when
   * this returns the new generation is active. Long: for a thread of its own. Writes, searches and
   * sealing go on.
   *
   * @param stop asked now and then; the run then ends without any effect
   * @throws IOException if it failed: nothing has changed
   */
  public CompactionRun compact(CompactionSettings settings, Scope scope, BooleanSupplier stop)
      throws IOException {
    return compactor.run(settings, scope, stop);
  }

  /**
   * Copies what the partition serves into {@code target}: a moment between the beginning of this
   * call and its end, whole, whatever is written meanwhile. What is unsealed is sealed first. Files
   * that are there already are not copied again.
   *
   * @param id of the backup
   * @param definition of the namespace, kept beside; asked for at the end, so that it knows every
   *     attribute of what was copied
   * @throws io.mosaicdb.storage.backup.BackupException if a shard is missing or damaged: a backup
   *     without it would not be one
   */
  public BackupRun backup(
      String id,
      String namespace,
      Supplier<String> definition,
      BackupFolder target,
      PartitionCopies.Progress progress)
      throws IOException {
    seal();
    try {
      return room.making(() -> {
        var manifest = generations.findCurrent().orElse(null);
        int copied = 0;
        long bytes = 0;
        int files = manifest == null ? 0 : manifest.shards().size();
        if (manifest != null) {
          int done = 0;
          for (var shard : manifest.shards()) {
            progress.at(done++, files);
            if (target.store(generations.shardFile(shard), shard)) {
              copied++;
              bytes += shard.bytes();
            }
          }
        }
        target.add(
            new PartitionBackup(
                id, namespace, number, clock.instant(), definition.get(), manifest));
        return new BackupRun(
            files, copied, bytes, manifest == null ? 0 : manifest.commits().last());
      });
    } catch (SQLException e) {
      throw new IOException("backup failed", e);
    }
  }

  /**
   * @param files shards of the backup
   * @param copied those that were not there yet
   * @param commitSeq the last commit that the backup holds
   */
  public record BackupRun(int files, int copied, long bytesCopied, long commitSeq) {}

  /**
   * Hides a shard's documents from every reader, or shows them again; its file stays. Durable when
   * this returns. Writes still see the documents: what is replaced or deleted while it is archived
   * does not come back with it.
   *
   * @return whether the partition has the shard
   */
  public boolean archive(String shardId, boolean hidden) throws IOException {
    var slot = table.findShard(shardId);
    if (slot.isEmpty()) {
      return false;
    }
    if (slot.get().archived() != hidden) {
      generationSwitch.archive(slot.get(), hidden);
    }
    return true;
  }

  /**
   * Archives the shards of which no document was read for {@code idle}.
   *
   * @return their ids
   */
  public List<String> archiveIdle(Duration idle) throws IOException {
    var archived = new ArrayList<String>();
    for (ShardSlot slot : table.shards()) {
      var shard = slot.shard();
      if (shard != null && !slot.archived() && shard.idleTime().compareTo(idle) >= 0) {
        generationSwitch.archive(slot, true);
        archived.add(slot.descriptor().shardId());
      }
    }
    return archived;
  }

  public CompactionStatus compaction() {
    return compactor.status();
  }

  public int number() {
    return number;
  }

  /**
   * Id and revision of the model whose vectors are held, empty text if the client gave them;
   * nothing before the first.
   */
  public Optional<String> embedder() {
    return Optional.ofNullable(table.embedder());
  }

  /** What readers see now. Who reads more of it than its numbers is a {@link ShardReaders}. */
  public PartitionSnapshot snapshot() {
    return table.snapshot();
  }

  /**
   * What readers saw after {@code commitSeq}: every commit from {@link #horizon} on can be read.
   *
   * @throws CommitNotReadableException if it is older, or has not been applied
   */
  public PartitionSnapshot snapshotAt(long commitSeq) {
    return table.at(commitSeq);
  }

  /** The oldest commit that {@link #snapshotAt} shows. */
  public long horizon() {
    return table.horizon();
  }

  /** Completes when the snapshot holds {@code commitSeq}. */
  public CompletableFuture<Void> awaitApplied(long commitSeq, Duration timeout) {
    return writes.log().awaitApplied(commitSeq, timeout);
  }

  /** A document's live version, with its vectors if asked for. */
  public Optional<FoundDocument> find(String id, boolean withVectors) {
    return find(table.snapshot(), id, withVectors);
  }

  /** The version of a document that is in a snapshot of a partition. */
  public static Optional<FoundDocument> find(
      PartitionSnapshot snapshot, String id, boolean withVectors) {
    for (int i = snapshot.segments().size() - 1; i >= 0; i--) {
      var view = snapshot.segments().get(i);
      int document = view.find(id);
      if (document >= 0) {
        var segment = view.segment();
        return Optional.of(
            new FoundDocument(
                segment.load(new int[] {document}, withVectors).getFirst(),
                segment.shardId().orElse(null)));
      }
    }
    return Optional.empty();
  }

  /** {@code shardId} is null while the document is not sealed. */
  public record FoundDocument(DocumentVersion version, @Nullable String shardId) {}

  /**
   * Seals by age, looks at shard files that changed or were missing, and drops what retention
   * allows.
   */
  public void maintain() throws IOException {
    if (table.frozenSegments() > 0) {
      sealer.sealFrozen();
    } else if (table.isOlderThan(settings.sealAge())) {
      seal();
    }
    inspection.run();
    window.advance();
    room.clear();
  }

  /** The ids of the shards of the active generation; reads nothing. */
  public List<String> shardIds() {
    return table.shards().stream().map(slot -> slot.descriptor().shardId()).toList();
  }

  /** The shards of the active generation; reads no file. */
  public List<ShardStatus> shards() {
    var statuses = new ArrayList<ShardStatus>();
    synchronized (table) {
      for (ShardSlot slot : table.shards()) {
        statuses.add(
            new ShardStatus(
                slot.descriptor(),
                generations.shardFile(slot.descriptor()),
                slot.state().deleted(),
                slot.reason(),
                slot.archived()));
      }
    }
    return statuses;
  }

  /** SQLite's settings on a shard's connections, none if it cannot be read. Opens one. */
  public Map<String, String> pragmas(String shardId) {
    try (var _ = readers.begin()) {
      var shard = table.findShard(shardId).map(ShardSlot::shard);
      return shard.isPresent() ? shard.get().pragmas() : Map.of();
    } catch (SegmentReadException e) {
      // It is damaged, which the next look at its file will say.
      return Map.of();
    }
  }

  /** What a router needs to know of a shard of the active generation, if it can be read. */
  public Optional<ShardRouting> routing(String shardId) {
    synchronized (table) {
      for (ShardSlot slot : table.shards()) {
        var shard = slot.shard();
        if (slot.descriptor().shardId().equals(shardId) && shard != null) {
          return Optional.of(shard.routing());
        }
      }
      return Optional.empty();
    }
  }

  /** {@code problem} is empty when the shard is well. */
  public record ShardStatus(
      ShardDescriptor descriptor, Path file, int deleted, String problem, boolean archived) {}

  /** Every retained generation, oldest first, the active one last. */
  public List<GenerationSummary> generations() {
    return generations.generations();
  }

  /**
   * The manifest of a retained generation.
   *
   * @throws IOException if it cannot be read
   */
  public Optional<GenerationManifest> findGeneration(long generation) throws IOException {
    return generations.findGeneration(generation);
  }

  public PartitionStatus status() {
    var logStatus = writes.log().status();
    var view = table.snapshot();
    var problems = new ArrayList<String>();
    view.missing().forEach(each -> problems.add("shard " + each.shardId() + ": " + each.reason()));
    problems.addAll(generations.report().problems());
    var sealFailure = sealer.failure();
    if (sealFailure != null) {
      problems.add(sealFailure);
    }
    if (logStatus.failure() != null) {
      problems.add("log: " + logStatus.failure());
    }
    logStatus.damage().forEach(damage -> problems.add("log entry lost: " + damage));
    long unsealed = 0;
    long passages = 0;
    for (SegmentView each : view.segments()) {
      passages += each.segment().passageCount();
      if (each.segment().shardId().isEmpty()) {
        unsealed += each.liveDocuments();
      }
    }
    var shards = table.shards();
    return new PartitionStatus(
        number,
        view.generation(),
        view.commitSeq(),
        view.liveDocuments(),
        passages,
        unsealed,
        view.segments().size(),
        shards.size(),
        shards.stream().mapToLong(slot -> slot.descriptor().bytes()).sum() + logStatus.bytes(),
        table.unsealedBytes(),
        table.embedder(),
        logStatus,
        problems);
  }

  @Override
  public void close() {
    compactor.close();
    writes.log().close();
    table.close();
  }
}
