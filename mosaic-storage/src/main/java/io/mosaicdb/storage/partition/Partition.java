package io.mosaicdb.storage.partition;

import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.model.document.WriteStatus;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.document.CommitCodec;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.generation.Activation;
import io.mosaicdb.storage.generation.CommitRange;
import io.mosaicdb.storage.generation.EmbedderIdentity;
import io.mosaicdb.storage.generation.GenerationManifest;
import io.mosaicdb.storage.generation.GenerationStore;
import io.mosaicdb.storage.generation.GenerationSummary;
import io.mosaicdb.storage.generation.ShardDescriptor;
import io.mosaicdb.storage.generation.Tombstones;
import io.mosaicdb.storage.live.LiveSegment;
import io.mosaicdb.storage.log.Append;
import io.mosaicdb.storage.log.CommitLog;
import io.mosaicdb.storage.log.LocalCommitLog;
import io.mosaicdb.storage.log.LogEntry;
import io.mosaicdb.storage.log.LogOverloadedException;
import io.mosaicdb.storage.log.LogPosition;
import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.search.PartitionSnapshot.MissingShard;
import io.mosaicdb.storage.search.SegmentView;
import io.mosaicdb.storage.shard.SealedShard;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.shard.ShardWriter;
import io.mosaicdb.storage.text.IndexedFields;
import io.mosaicdb.storage.text.TextIndexMemory;
import io.mosaicdb.storage.vector.CentroidSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition on disk. Thread-safe.
 *
 * <p>Two locks: {@code lock} guards what the snapshot is made of and is held for memory work only;
 * {@code sealing} lets one thread at a time write shards and activate generations. Sealing never
 * holds {@code lock} while it writes.
 */
public final class Partition implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Partition.class);
  private static final int REMEMBERED_OUTCOMES = 4096;

  private final int number;
  private final Path folder;
  private final Supplier<Schema> schema;
  private final IndexedFields fields;
  private final PartitionSettings settings;
  private final Resources resources;
  private final GenerationStore generations;
  private final Object lock = new Object();
  private final Object sealing = new Object();
  private final AtomicBoolean sealQueued = new AtomicBoolean();

  // Guarded by lock.
  private final List<ShardSlot> shards = new ArrayList<>();
  private final List<FrozenSegment> frozen = new ArrayList<>();
  private final Map<Long, List<WriteOutcome>> outcomes =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, List<WriteOutcome>> eldest) {
          return size() > REMEMBERED_OUTCOMES;
        }
      };
  private LiveSegment active;
  private SegmentState activeState = new SegmentState(0);
  private long appliedSeq;
  private @Nullable Instant activeSince;
  private @Nullable String embedder;
  private @Nullable CentroidSet centroids;
  private @Nullable String sealFailure;

  /** Commits between append and apply, by the very array, so that each is decoded once. */
  private final Map<byte[], CommitBatch> decoded =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private volatile PartitionSnapshot snapshot;
  private final CommitLog log;

  /**
   * What partitions of one process share.
   *
   * @param background where sealing runs: platform threads, since it calls SQLite
   */
  public record Resources(
      TextIndexMemory textMemory,
      ScheduledExecutorService cleaner,
      Executor background,
      Clock clock) {}

  /** A shard of the active generation; {@code shard} is null while its file cannot be read. */
  private static final class ShardSlot {
    private final ShardDescriptor descriptor;
    private final SegmentState state;
    private @Nullable SealedShard shard;
    private String reason = "";

    ShardSlot(ShardDescriptor descriptor) {
      this.descriptor = descriptor;
      this.state = new SegmentState(descriptor.documents());
    }
  }

  /** A live segment that waits to be sealed; {@code lastSeq} is the last commit it holds. */
  private record FrozenSegment(
      LiveSegment segment, SegmentState state, long lastSeq, int documents) {}

  private Partition(
      int number,
      Path folder,
      Supplier<Schema> schema,
      PartitionSettings settings,
      Resources resources)
      throws IOException {
    this.number = number;
    this.folder = folder;
    this.schema = schema;
    this.fields = ShardSchema.indexedFields(schema.get());
    this.settings = settings;
    this.resources = resources;
    Files.createDirectories(folder);
    this.generations = GenerationStore.open(folder);
    this.active = new LiveSegment(fields, schema.get().vector());
    long sealedSeq = 0;
    long epoch = 1;
    var manifest = generations.findCurrent();
    if (manifest.isPresent()) {
      sealedSeq = manifest.get().commits().last();
      epoch = manifest.get().commits().epoch();
      openShards(manifest.get());
    }
    this.appliedSeq = sealedSeq;
    this.snapshot = compose();
    this.log =
        LocalCommitLog.open(
            folder.resolve("log"), settings.log(), new LogPosition(epoch, sealedSeq), this::apply);
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

  private void openShards(GenerationManifest manifest) {
    embedder = manifest.embedder() == null ? "" : describe(manifest.embedder());
    var damaged = new HashMap<String, String>();
    for (var each : generations.report().damagedShards()) {
      damaged.put(each.shard().shardId(), each.reason());
    }
    for (ShardDescriptor descriptor : manifest.shards()) {
      var slot = new ShardSlot(descriptor);
      manifest.tombstonesOf(descriptor.shardId()).forEach(slot.state::supersede);
      var reason = damaged.get(descriptor.shardId());
      if (reason == null) {
        open(slot);
      } else {
        slot.reason = reason;
      }
      shards.add(slot);
    }
  }

  private void open(ShardSlot slot) {
    try {
      var shard = openShard(generations.shardFile(slot.descriptor));
      slot.shard = shard;
      slot.reason = "";
      shard.centroidSet().ifPresent(set -> centroids = set);
    } catch (SQLException | IllegalArgumentException e) {
      slot.reason = "cannot be opened: " + e.getMessage();
      logger.warn("shard_unreadable shard={} reason={}", slot.descriptor.shardId(), slot.reason);
    }
  }

  private SealedShard openShard(Path file) throws SQLException {
    return SealedShard.open(
        file, schema, settings.shards(), resources.textMemory(), resources.cleaner());
  }

  /**
   * Appends a commit; the future completes when it is on disk and searchable.
   *
   * @param payload a {@link CommitBatch} as {@link CommitCodec} encodes it; not changed afterwards
   * @param operationId a repeated one with the same payload is applied once
   * @throws IllegalArgumentException if the payload is no commit, or does not fit the schema
   * @throws EmbedderMismatchException if its vectors come from another model than the partition's
   * @throws LogOverloadedException through the future, if too much waits to be written or sealed
   */
  public CompletableFuture<CommitOutcome> append(byte[] payload, @Nullable String operationId) {
    var batch = CommitCodec.decode(payload);
    CommitCheck.check(batch, schema.get());
    requireSameEmbedder(batch);
    synchronized (lock) {
      if (frozen.size() >= settings.unsealedSegments()) {
        queueSealing();
        return CompletableFuture.failedFuture(new SealingBehindException(frozen.size()));
      }
    }
    decoded.put(payload, batch);
    return log.append(Append.of(payload, operationId))
        .visible()
        .whenComplete((_, _) -> decoded.remove(payload))
        .thenApply(commit ->
            new CommitOutcome(
                commit.commitSeq(),
                commit.commitId(),
                commit.duplicate(),
                outcomesOf(commit.commitSeq(), batch)));
  }

  private void requireSameEmbedder(CommitBatch batch) {
    if (batch.operations().stream()
        .noneMatch(each -> each.upsert() != null && !each.upsert().passages().isEmpty())) {
      return;
    }
    synchronized (lock) {
      if (embedder != null && !embedder.equals(batch.embedder())) {
        throw new EmbedderMismatchException(batch.embedder(), embedder);
      }
    }
  }

  private List<WriteOutcome> outcomesOf(long commitSeq, CommitBatch batch) {
    synchronized (lock) {
      var known = outcomes.get(commitSeq);
      if (known != null) {
        return known;
      }
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
    synchronized (lock) {
      for (LogEntry entry : entries) {
        outcomes.put(entry.seq(), apply(entry.seq(), batchOf(entry)));
        appliedSeq = entry.seq();
      }
      if (activeSince == null && active.documentCount() > 0) {
        activeSince = resources.clock().instant();
      }
      snapshot = compose();
      full =
          active.documentCount() >= settings.sealDocuments()
              || active.bytes() >= settings.sealBytes();
      if (full) {
        freeze();
      }
    }
    if (full) {
      queueSealing();
    }
  }

  private CommitBatch batchOf(LogEntry entry) {
    var known = decoded.remove(entry.payload());
    return known == null ? CommitCodec.decode(entry.payload()) : known;
  }

  private List<WriteOutcome> apply(long commitSeq, CommitBatch batch) {
    var attributes = schema.get().attributes();
    var results = new ArrayList<WriteOutcome>(batch.operations().size());
    for (Operation operation : batch.operations()) {
      var id = operation.id();
      var place = findLive(id);
      long version = place == null ? Operation.ABSENT : place.version();
      if (operation.version() != null && operation.version() != version) {
        results.add(new WriteOutcome(id, WriteStatus.PRECONDITION_FAILED, version));
        continue;
      }
      if (place != null) {
        place.state().supersede(place.document(), commitSeq);
      }
      var document = operation.upsert();
      if (document == null) {
        results.add(
            new WriteOutcome(id, place == null ? WriteStatus.NOT_FOUND : WriteStatus.DELETED, 0));
        continue;
      }
      if (!document.passages().isEmpty()) {
        embedder = batch.embedder();
      }
      active.append(document, commitSeq, attributes);
      activeState.growTo(active.documentCount());
      results.add(
          new WriteOutcome(
              id, place == null ? WriteStatus.CREATED : WriteStatus.REPLACED, commitSeq));
    }
    return results;
  }

  private record Place(SegmentState state, int document, long version) {}

  private @Nullable Place findLive(String id) {
    int found = active.view().find(id);
    if (found >= 0 && activeState.isLive(found)) {
      return new Place(activeState, found, active.view().version(found));
    }
    for (int i = frozen.size() - 1; i >= 0; i--) {
      var each = frozen.get(i);
      int document = each.segment().view().find(id);
      if (document >= 0 && each.state().isLive(document)) {
        return new Place(each.state(), document, each.segment().view().version(document));
      }
    }
    for (int i = shards.size() - 1; i >= 0; i--) {
      var slot = shards.get(i);
      if (slot.shard == null) {
        continue;
      }
      int document = slot.shard.find(id);
      if (document >= 0 && slot.state.isLive(document)) {
        return new Place(slot.state, document, slot.shard.version(document));
      }
    }
    return null;
  }

  /** Needs the lock. */
  private PartitionSnapshot compose() {
    var segments = new ArrayList<SegmentView>();
    var missing = new ArrayList<MissingShard>();
    for (ShardSlot slot : shards) {
      if (slot.shard == null) {
        missing.add(new MissingShard(slot.descriptor.shardId(), slot.reason));
      } else {
        segments.add(slot.state.view(slot.shard));
      }
    }
    for (FrozenSegment each : frozen) {
      segments.add(each.state().view(each.segment().view()));
    }
    if (active.documentCount() > 0) {
      segments.add(activeState.view(active.view()));
    }
    return new PartitionSnapshot(
        number,
        generations.findCurrent().map(GenerationManifest::number).orElse(0L),
        appliedSeq,
        segments,
        missing);
  }

  /** Needs the lock. */
  private void freeze() {
    if (active.documentCount() == 0) {
      return;
    }
    frozen.add(new FrozenSegment(active, activeState, appliedSeq, active.documentCount()));
    active = new LiveSegment(fields, schema.get().vector());
    activeState = new SegmentState(0);
    activeSince = null;
  }

  private void queueSealing() {
    if (sealQueued.compareAndSet(false, true)) {
      resources
          .background()
          .execute(() -> {
            sealQueued.set(false);
            try {
              sealFrozen();
            } catch (IOException | RuntimeException e) {
              logger.error("sealing_failed partition={} folder={}", number, folder, e);
            }
          });
    }
  }

  /** Seals whatever is unsealed; when this returns the new generation is active. */
  public void seal() throws IOException {
    synchronized (lock) {
      freeze();
    }
    sealFrozen();
  }

  private void sealFrozen() throws IOException {
    synchronized (sealing) {
      while (true) {
        FrozenSegment next;
        synchronized (lock) {
          if (frozen.isEmpty()) {
            return;
          }
          next = frozen.getFirst();
        }
        try {
          seal(next);
          synchronized (lock) {
            sealFailure = null;
          }
        } catch (IOException | SQLException | RuntimeException e) {
          synchronized (lock) {
            sealFailure = "sealing failed: " + e.getMessage();
          }
          throw e instanceof IOException io ? io : new IOException("sealing failed", e);
        }
      }
    }
  }

  /** A shard that is on disk and open, and not yet part of a generation. */
  private record NewShard(ShardWriter.WrittenShard written, SealedShard opened) {
    String shardId() {
      return written.shardId();
    }
  }

  private void seal(FrozenSegment segment) throws IOException, SQLException {
    var kept = keptVersions(segment);
    var made = new ArrayList<NewShard>();
    boolean published = false;
    try {
      for (List<DocumentVersion> part : parts(kept)) {
        var written = write(part, made);
        made.add(new NewShard(written, openShard(written.file())));
      }
      var manifest = manifest(segment, made);
      var activation = generations.activate(manifest, manifest.embedder());
      if (activation instanceof Activation.Refused refused) {
        throw new IOException("generation " + manifest.number() + " refused: " + refused.reasons());
      }
      publish(segment, manifest, made);
      published = true;
    } finally {
      if (!published) {
        made.forEach(each -> each.opened().close());
      }
    }
    log.purge(segment.lastSeq());
    logger.info(
        "sealed partition={} generation={} shards={} documents={}",
        number,
        snapshot.generation(),
        made.stream().map(NewShard::shardId).toList(),
        kept.size());
  }

  /**
   * One part a shard, in document order. A commit may carry the segment past its size: up to a
   * tenth more stays in one shard, so that large commits do not leave a tiny shard each.
   */
  private List<List<DocumentVersion>> parts(List<DocumentVersion> kept) {
    int most = settings.sealDocuments();
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

  /**
   * What the shard keeps: every version that some commit left visible, as long as old ones are
   * retained at all.
   */
  private List<DocumentVersion> keptVersions(FrozenSegment segment) {
    boolean keepSuperseded = !settings.retainGenerations().isZero();
    var ordinals = new ArrayList<Integer>();
    var view = segment.segment().view();
    synchronized (lock) {
      for (int i = 0; i < segment.documents(); i++) {
        if (segment.state().isLive(i)
            || (keepSuperseded && !segment.state().isSupersededAt(i, view.version(i)))) {
          ordinals.add(i);
        }
      }
    }
    return view.load(ordinals.stream().mapToInt(Integer::intValue).toArray(), true);
  }

  private ShardWriter.WrittenShard write(List<DocumentVersion> versions, List<NewShard> made)
      throws IOException, SQLException {
    var taken = new HashSet<String>();
    made.forEach(each -> taken.add(String.valueOf(each.written().file().getFileName())));
    generations.generations().forEach(generation -> taken.addAll(generation.shardFiles()));
    String model;
    CentroidSet cells;
    synchronized (lock) {
      model = embedder == null ? "" : embedder;
      cells = centroids;
    }
    return new ShardWriter(schema.get())
        .write(generations.shardFolder(), versions, model, cells, taken);
  }

  private GenerationManifest manifest(FrozenSegment segment, List<NewShard> made) {
    synchronized (lock) {
      var parent = generations.findCurrent();
      var descriptors = new ArrayList<ShardDescriptor>();
      var tombstones = new HashMap<String, Tombstones>();
      for (ShardSlot slot : shards) {
        if (isAmong(made, slot)) {
          // The same documents again: every version in that shard has been superseded by one in
          // this.
          continue;
        }
        descriptors.add(slot.descriptor);
        tombstones.put(
            slot.descriptor.shardId(), Tombstones.of(slot.state.supersededUpTo(segment.lastSeq())));
      }
      for (NewShard each : made) {
        descriptors.add(descriptor(each.written()));
        tombstones.put(
            each.shardId(),
            Tombstones.of(
                inShard(
                    each.written(), segment, segment.state().supersededUpTo(segment.lastSeq()))));
      }
      long epoch = log.status().epoch();
      return new GenerationManifest(
          parent.map(GenerationManifest::number).orElse(0L) + 1,
          parent.map(GenerationManifest::manifestId).orElse(null),
          number,
          new CommitRange(epoch, 1, segment.lastSeq()),
          identity(),
          ShardSchema.hash(schema.get()),
          ShardSchema.analyzerIds(fields),
          descriptors,
          tombstones,
          List.of(),
          resources.clock().instant());
    }
  }

  private ShardDescriptor descriptor(ShardWriter.WrittenShard written) {
    return new ShardDescriptor(
        written.shardId(),
        String.valueOf(written.file().getFileName()),
        written.checksum(),
        written.bytes(),
        written.documents().size(),
        written.passages(),
        written.firstCommitSeq(),
        written.lastCommitSeq(),
        written.centroidsChecksum());
  }

  /** Translates superseded ordinals of a frozen segment into those of the shard made of it. */
  private static Map<Integer, Long> inShard(
      ShardWriter.WrittenShard written, FrozenSegment segment, Map<Integer, Long> superseded) {
    record Version(String id, long commitSeq) {}
    var view = segment.segment().view();
    var ordinalOf = new HashMap<Version, Integer>();
    for (int i = 0; i < written.documents().size(); i++) {
      var version = written.documents().get(i);
      ordinalOf.put(new Version(version.document().id(), version.version()), i);
    }
    var translated = new HashMap<Integer, Long>();
    superseded.forEach((document, seq) -> {
      var ordinal = ordinalOf.get(new Version(view.id(document), view.version(document)));
      // A version that its own commit replaced was never seen and is not in the shard; its namesake
      // is.
      if (ordinal != null && seq != view.version(document)) {
        translated.put(ordinal, seq);
      }
    });
    return translated;
  }

  private static boolean isAmong(List<NewShard> made, ShardSlot slot) {
    return made.stream().anyMatch(each -> each.shardId().equals(slot.descriptor.shardId()));
  }

  private void publish(FrozenSegment segment, GenerationManifest manifest, List<NewShard> made) {
    synchronized (lock) {
      // Requests that began before may still read a shard that leaves: it stays open for them.
      shards.removeIf(slot -> isAmong(made, slot));
      var descriptors = manifest.shards();
      int first = descriptors.size() - made.size();
      for (int i = 0; i < made.size(); i++) {
        var each = made.get(i);
        var slot = new ShardSlot(descriptors.get(first + i));
        slot.shard = each.opened();
        inShard(each.written(), segment, segment.state().superseded())
            .forEach(slot.state::supersede);
        shards.add(slot);
        each.opened().centroidSet().ifPresent(set -> centroids = set);
      }
      frozen.remove(segment);
      snapshot = compose();
    }
  }

  /** Needs the lock. */
  private @Nullable EmbedderIdentity identity() {
    var vector = schema.get().vector();
    if (!vector.present() || embedder == null) {
      return null;
    }
    int space = embedder.indexOf(' ');
    return embedder.isEmpty()
        ? new EmbedderIdentity("client", "-", vector.dimensions())
        : new EmbedderIdentity(
            space < 0 ? embedder : embedder.substring(0, space),
            space < 0 ? "-" : embedder.substring(space + 1),
            vector.dimensions());
  }

  private static String describe(EmbedderIdentity identity) {
    return identity.id().equals("client") && identity.revision().equals("-")
        ? ""
        : identity.id() + " " + identity.revision();
  }

  public int number() {
    return number;
  }

  /**
   * Id and revision of the model whose vectors are held, empty text if the client gave them;
   * nothing before the first.
   */
  public Optional<String> embedder() {
    synchronized (lock) {
      return Optional.ofNullable(embedder);
    }
  }

  /** What readers see now. */
  public PartitionSnapshot snapshot() {
    return snapshot;
  }

  /** Completes when the snapshot holds {@code commitSeq}. */
  public CompletableFuture<Void> awaitApplied(long commitSeq, Duration timeout) {
    return log.awaitApplied(commitSeq, timeout);
  }

  /** A document's live version, with its vectors if asked for. */
  public Optional<FoundDocument> find(String id, boolean withVectors) {
    while (true) {
      var view = snapshot;
      boolean newer = false;
      for (int i = view.segments().size() - 1; i >= 0; i--) {
        var segment = view.segments().get(i).segment();
        int document = segment.find(id);
        if (document >= segment.documentCount()) {
          // Being applied this moment: the snapshot that shows it is about to be published.
          newer = true;
          break;
        }
        if (document >= 0 && view.segments().get(i).isLive(document)) {
          return Optional.of(
              new FoundDocument(
                  segment.load(new int[] {document}, withVectors).getFirst(),
                  segment.shardId().orElse(null)));
        }
      }
      if (!newer) {
        return Optional.empty();
      }
      Thread.onSpinWait();
    }
  }

  /** {@code shardId} is null while the document is not sealed. */
  public record FoundDocument(DocumentVersion version, @Nullable String shardId) {}

  /**
   * Seals by age, looks at shard files that changed or were missing, and drops what retention
   * allows.
   */
  public void maintain() throws IOException {
    boolean due;
    synchronized (lock) {
      due =
          activeSince != null
              && !resources.clock().instant().isBefore(activeSince.plus(settings.sealAge()));
      due |= !frozen.isEmpty();
    }
    if (due) {
      synchronized (lock) {
        if (frozen.isEmpty()) {
          freeze();
        }
      }
      sealFrozen();
    }
    inspectShards();
    synchronized (sealing) {
      var retention = generations.retain(settings.retainGenerations(), List.of());
      if (!retention.isEmpty()) {
        generations.drop(retention);
      }
    }
  }

  /**
   * A shard whose file is gone or altered leaves the snapshot; one whose file is right again comes
   * back.
   */
  private void inspectShards() throws IOException {
    List<ShardSlot> slots;
    synchronized (lock) {
      slots = List.copyOf(shards);
    }
    for (ShardSlot slot : slots) {
      var problem = generations.findProblem(slot.descriptor);
      synchronized (lock) {
        if (problem.isPresent() && slot.shard != null) {
          logger.error(
              "shard_damaged shard={} reason={}", slot.descriptor.shardId(), problem.get());
          slot.shard = null;
          slot.reason = problem.get();
          snapshot = compose();
        } else if (problem.isEmpty() && slot.shard == null) {
          open(slot);
          if (slot.shard != null) {
            logger.info("shard_restored shard={}", slot.descriptor.shardId());
            snapshot = compose();
          }
        }
      }
    }
  }

  /** The shards of the active generation. */
  public List<ShardStatus> shards() {
    synchronized (lock) {
      return shards.stream()
          .map(slot ->
              new ShardStatus(
                  slot.descriptor,
                  folder.resolve("shards").resolve(slot.descriptor.fileName()),
                  slot.state.deleted(),
                  slot.reason,
                  slot.shard == null ? Map.of() : slot.shard.pragmas()))
          .toList();
    }
  }

  /** {@code problem} is empty when the shard is well. */
  public record ShardStatus(
      ShardDescriptor descriptor,
      Path file,
      int deleted,
      String problem,
      Map<String, String> pragmas) {}

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
    var logStatus = log.status();
    synchronized (lock) {
      var view = snapshot;
      var problems = new ArrayList<String>();
      view.missing()
          .forEach(each -> problems.add("shard " + each.shardId() + ": " + each.reason()));
      problems.addAll(generations.report().problems());
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
      long shardBytes = shards.stream().mapToLong(slot -> slot.descriptor.bytes()).sum();
      long memory = active.bytes() + frozen.stream().mapToLong(f -> f.segment().bytes()).sum();
      return new PartitionStatus(
          number,
          view.generation(),
          view.commitSeq(),
          view.liveDocuments(),
          passages,
          unsealed,
          view.segments().size(),
          shards.size(),
          shardBytes + logStatus.bytes(),
          memory,
          embedder,
          logStatus,
          problems);
    }
  }

  @Override
  public void close() {
    log.close();
    synchronized (lock) {
      for (ShardSlot slot : shards) {
        if (slot.shard != null) {
          slot.shard.close();
        }
      }
    }
  }
}
