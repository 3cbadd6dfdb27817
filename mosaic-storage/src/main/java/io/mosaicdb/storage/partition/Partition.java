package io.mosaicdb.storage.partition;

import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.authority.AuthorityStore;
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
import io.mosaicdb.storage.log.LocalCommitLog;
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
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A partition on disk: the front door. Thread-safe. */
public final class Partition implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Partition.class);
  private static final int RECOVERED_KEPT = 20;

  private final int number;
  private volatile Supplier<Schema> schema;
  private volatile PartitionSettings settings;
  private final GenerationStore generations;
  private final SegmentTable table;
  private final ActivationGate activations;
  private final ShardRoom room;
  private final ShardInspection inspection;
  private final RetentionWindow window;
  private final Sealer sealer;
  private final WritePath writes;
  private final Compactor compactor;
  private final GenerationSwitch generationSwitch;
  private final Losses losses;
  private final Path folder;
  private final Deque<String> recovered = new ConcurrentLinkedDeque<>();
  private volatile boolean rescued;
  private volatile String filesAtOpening = "";
  private String filesBefore = "";
  private final ShardReaders readers;
  private final AuthorityStore authority;
  private final Clock clock;

  /**
   * What partitions of one process share.
   *
   * @param background where sealing runs: platform threads, since it calls SQLite
   * @param readers of all of them
   * @param verification of all of them
   * @param warmUp what every new shard must pass
   * @param damagedShards more damaged shards of a partition than these suspend new generations
   */
  public record Resources(
      TextIndexMemory textMemory,
      ScheduledExecutorService cleaner,
      Executor background,
      ShardReaders readers,
      Verification verification,
      Clock clock,
      WarmUp warmUp,
      int damagedShards) {
    /** With the usual queries, and new generations whatever is damaged. */
    public Resources(
        TextIndexMemory textMemory,
        ScheduledExecutorService cleaner,
        Executor background,
        ShardReaders readers,
        Clock clock) {
      this(
          textMemory,
          cleaner,
          background,
          readers,
          Verification.defaults(),
          clock,
          queries(),
          Integer.MAX_VALUE);
    }

    /** Looks up some of a shard's own documents, by id, by words and by vectors. */
    public static WarmUp queries() {
      return new WarmUpQueries();
    }
  }

  private Partition(
      int number,
      Path folder,
      Supplier<Schema> schema,
      PartitionSettings settings,
      Resources resources)
      throws IOException {
    this.number = number;
    this.schema = schema;
    this.settings = settings;
    this.readers = resources.readers();
    this.clock = resources.clock();
    this.folder = folder;
    this.losses = new Losses(folder);
    Files.createDirectories(folder);
    boolean begun = Files.exists(folder.resolve("generations"));
    authority = AuthorityStore.open(folder.resolve("authority"));
    generations = GenerationStore.open(folder, resources.clock());
    table = new SegmentTable(number, this::schema, resources.clock());
    activations =
        new ActivationGate(
            number, table, resources.warmUp(), resources.damagedShards(), resources.clock());
    room = new ShardRoom(() -> this.schema, this::settings, resources, generations, table);
    inspection = new ShardInspection(generations, table, room, resources);
    var sealed = new LogPosition(1, 0);
    var manifest = generations.findCurrent();
    if (manifest.isPresent()) {
      sealed = start(manifest.get());
    }
    generationSwitch =
        new GenerationSwitch(
            number,
            this::schema,
            generations,
            table,
            resources.readers(),
            activations,
            resources.clock());
    window =
        new RetentionWindow(
            () -> settings().retainGenerations(), generations, table, resources.clock());
    sealer =
        new Sealer(
            number,
            this::settings,
            resources.background(),
            table,
            room,
            generationSwitch,
            window,
            losses,
            activations);
    writes =
        new WritePath(
            folder.resolve("log"),
            sealed,
            this::schema,
            this::settings,
            table,
            sealer,
            losses,
            begun);
    findLosses(sealed);
    compactor =
        new Compactor(
            number,
            this::schema,
            generations.shardFolder(),
            table,
            room,
            generationSwitch,
            window,
            resources.clock());
    sealer.start(writes.log());
  }

  private Schema schema() {
    return schema.get();
  }

  /**
   * Begins to make shards of another schema beside those that are served; see {@link
   * PartitionRebuild}. Shards are not merged until it is closed.
   *
   * @param target the schema to be, as it would be at any time
   * @param model id and revision of the model whose vectors the documents will have, null: they
   *     keep what they have
   */
  public PartitionRebuild rebuild(
      Supplier<Schema> target, @Nullable String model, PartitionRebuild.Conversion conversion) {
    compactor.suspend();
    return new PartitionRebuild(
        this,
        target,
        model,
        conversion,
        new PartitionRebuild.Parts(
            generations, table, room, window, writes, generationSwitch, activations, readers));
  }

  /** Another schema is in force from now on; the shards that are held must be of it. */
  void use(Supplier<Schema> target) {
    schema = target;
  }

  void rebuildEnded() {
    compactor.resume();
  }

  private PartitionSettings settings() {
    return settings;
  }

  /** What was found at the opening decides whether there is writing. */
  private void findLosses(LogPosition sealed) throws IOException {
    var report = generations.report();
    report.problems().stream()
        .filter(each -> !generations.findLoss().equals(Optional.of(each)))
        .forEach(recovered::add);
    var log = writes.log().status();
    // With every commit since the generation that is served, the one that was active holds nothing
    // that is not here.
    var lostGeneration = Losses.areIn(log, sealed) ? generations.findLoss().orElse(null) : null;
    losses.find(lostGeneration, sealed, log);
    if (losses.reason().isEmpty()) {
      generations
          .findLoss()
          .ifPresent(loss -> recovered.add(loss + "; the log has every commit since"));
      generations.acceptLoss();
      return;
    }
    table.lack(
        losses.all().stream()
            .map(each -> new PartitionSnapshot.MissingShard("partition-" + number, each))
            .toList());
    // Files that are put back must not meet an open database.
    writes.log().closeUnused();
    filesAtOpening = files();
    filesBefore = filesAtOpening;
  }

  /** The files that can be put back, with what tells that they have changed. */
  private String files() throws IOException {
    var found = new StringBuilder();
    for (Path each : List.of(folder, folder.resolve("log"), folder.resolve("generations"))) {
      if (!Files.isDirectory(each)) {
        continue;
      }
      try (var paths = Files.list(each)) {
        for (Path file : paths.filter(Files::isRegularFile).sorted().toList()) {
          found
              .append(folder.relativize(file))
              .append(' ')
              .append(Files.size(file))
              .append(' ')
              .append(Files.getLastModifiedTime(file))
              .append('\n');
        }
      }
    }
    return found.toString();
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
        inspection.open(manifest),
        manifest.unread());
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

  /** Makes the folder of a partition that has nothing yet. */
  public static void create(Path folder) throws IOException {
    Files.createDirectories(folder);
    LocalCommitLog.begin(folder.resolve("log"), new LogPosition(1, 0));
    claim(folder);
  }

  /**
   * Says that there has been a partition in the folder: a log that is not there when it is opened
   * is lost, and not yet to be begun.
   */
  public static void claim(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("generations"));
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

  /**
   * Seals whatever is unsealed; when this returns the new generation is active.
   *
   * @throws IOException if the disk fails, or the partition only reads; {@link
   *     ActivationSuspendedException} if no generation may be activated
   */
  public void seal() throws IOException {
    losses.requireNone("sealing");
    activations.requireOpen();
    table.freeze();
    sealer.sealFrozen();
  }

  /**
   * Merges shards, grouped by topic, without the versions that nobody can ask for any more; when
   * this returns the new generation is active. Long: for a thread of its own. Writes, searches and
   * sealing go on.
   *
   * @param stop asked now and then; the run then ends without any effect
   * @throws IOException if it failed: nothing has changed; {@link ActivationSuspendedException} if
   *     no generation may be activated
   */
  public CompactionRun compact(CompactionSettings settings, Scope scope, BooleanSupplier stop)
      throws IOException {
    losses.requireNone("compaction");
    activations.requireOpen();
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
    return writes.letIn(() -> {
      var slot = table.findShard(shardId);
      if (slot.isEmpty()) {
        return false;
      }
      if (slot.get().archived() != hidden) {
        losses.requireNone("archiving");
        activations.requireOpen();
        generationSwitch.archive(slot.get(), hidden);
      }
      return true;
    });
  }

  /**
   * Archives the shards of which no document was read for {@code idle}.
   *
   * @return their ids
   */
  public List<String> archiveIdle(Duration idle) throws IOException {
    return writes.letIn(() -> {
      var archived = new ArrayList<String>();
      if (activations.isSuspended()) {
        return archived;
      }
      for (ShardSlot slot : table.shards()) {
        var shard = slot.shard();
        if (shard != null && !slot.archived() && shard.idleTime().compareTo(idle) >= 0) {
          generationSwitch.archive(slot, true);
          archived.add(slot.descriptor().shardId());
        }
      }
      return archived;
    });
  }

  public ActivationStatus activation() {
    return activations.status();
  }

  /**
   * @throws ActivationSuspendedException if no generation may be activated
   */
  public void requireActivation() throws ActivationSuspendedException {
    activations.requireOpen();
  }

  /** Allows generations again, with the damage that there is. */
  public void resumeActivation() {
    activations.resume();
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

  /** Ranks of its documents by the links that lead to them. */
  public AuthorityStore authority() {
    return authority;
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

  /**
   * What is missing that may hold a document which {@link #find} does not find: then nobody can say
   * that there is none.
   */
  public Optional<PartitionSnapshot.MissingShard> findMissing(String id) {
    return table.findMissing(id);
  }

  /** {@code shardId} is null while the document is not sealed. */
  public record FoundDocument(DocumentVersion version, @Nullable String shardId) {}

  /**
   * Seals by age, looks at files that changed or were missing, mends what can be mended from
   * memory, and drops what retention allows.
   */
  public void maintain() throws IOException {
    boolean whole = losses.reason().isEmpty() && !table.isUncertain();
    try {
      if (whole && mend()) {
        sealDue();
        window.advance();
        room.clear();
      }
    } finally {
      // Whatever is wrong with a file may be what keeps from sealing.
      inspection.run();
      activations.look();
    }
  }

  /** Whether the log takes writes. */
  private boolean mend() throws IOException {
    recovered.addAll(generations.rewrite());
    while (recovered.size() > RECOVERED_KEPT) {
      recovered.removeFirst();
    }
    writes.log().inspect();
    if (writes.log().status().failure() == null) {
      return true;
    }
    rescue();
    return false;
  }

  private void sealDue() throws IOException {
    if (activations.isSuspended()) {
      sealer.queue();
    } else if (table.frozenSegments() > 0) {
      sealer.sealFrozen();
    } else if (table.isOlderThan(settings.sealAge())) {
      seal();
    }
  }

  /**
   * A log that stopped takes no writes, and what it holds may not be found again. But everything
   * that was acknowledged is in memory: it is sealed, and a new log begins behind it.
   */
  private void rescue() throws IOException {
    var log = writes.log().status();
    if (rescued || log.appliedSeq() < log.lastSeq()) {
      return;
    }
    losses.requireNone("sealing");
    table.freeze();
    sealer.sealAllTheSame();
    writes.log().close();
    var logFolder = folder.resolve("log");
    var aside = folder.resolve("quarantine").resolve("log-" + log.epoch() + "-" + log.lastSeq());
    Files.createDirectories(folder.resolve("quarantine"));
    if (Files.exists(logFolder)) {
      Files.move(logFolder, aside, StandardCopyOption.ATOMIC_MOVE);
    }
    LocalCommitLog.begin(logFolder, new LogPosition(log.epoch() + 1, log.lastSeq()));
    rescued = true;
    logger.warn(
        "commit_log_begun_anew partition={} last_seq={} reason=\"{}\"",
        number,
        log.lastSeq(),
        log.failure());
  }

  /**
   * Whether opening the partition again would heal it: a file was put back that is read at the
   * opening only, or the log began anew. To be asked after {@link #maintain}.
   */
  public boolean wantsReopening() throws IOException {
    if (rescued || inspection.wantsReopening()) {
      return true;
    }
    if (losses.reason().isEmpty()) {
      return false;
    }
    var now = files();
    // Not in the middle of a copy: what has changed must have come to rest.
    boolean settled = now.equals(filesBefore) && !now.equals(filesAtOpening);
    filesBefore = now;
    return settled;
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
    for (ShardSlot slot : table.shards()) {
      if (!slot.reason().isEmpty()) {
        problems.add("shard " + slot.descriptor().shardId() + ": " + slot.reason());
      }
    }
    losses.reason().ifPresent(problems::add);
    problems.addAll(losses.all());
    var sealFailure = sealer.failure();
    if (sealFailure != null) {
      problems.add(sealFailure);
    }
    var notes = new ArrayList<>(recovered);
    if (losses.reason().isEmpty()) {
      if (logStatus.failure() != null) {
        problems.add("log: " + logStatus.failure());
      }
      logStatus.damage().forEach(damage -> notes.add("log entry could not be read: " + damage));
      logStatus.quarantined().forEach(file -> notes.add("log file set aside: " + file));
    }
    if (!authority.problem().isEmpty()) {
      problems.add(authority.problem());
    }
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
        problems,
        notes);
  }

  @Override
  public void close() {
    compactor.close();
    writes.log().close();
    table.close();
  }
}
