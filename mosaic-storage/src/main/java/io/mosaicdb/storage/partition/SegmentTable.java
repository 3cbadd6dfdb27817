package io.mosaicdb.storage.partition;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.generation.UnreadShards;
import io.mosaicdb.storage.live.LiveSegment;
import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.search.PartitionSnapshot.MissingShard;
import io.mosaicdb.storage.search.SegmentView;
import io.mosaicdb.storage.segment.Segment;
import io.mosaicdb.storage.shard.SealedShard;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.vector.CentroidSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The segments that a partition holds, oldest first (shards, frozen segments, the active one), with
 * which of their documents count: what a snapshot is composed of. All memory; nothing here reads or
 * writes a file.
 *
 * <p>Every method takes the table's monitor. Who has to do several things at one moment holds it
 * around them ({@code synchronized (table)}), and never while it reads or writes a file.
 */
final class SegmentTable {
  private static final int PAST_SNAPSHOTS = 16;

  private final int partition;
  private final Supplier<Schema> schema;
  private final Clock clock;
  private final List<ShardSlot> shards = new ArrayList<>();
  private final List<FrozenSegment> frozen = new ArrayList<>();
  private LiveSegment active;
  private SegmentState activeState = new SegmentState(0);
  private @Nullable Instant activeSince;
  private long generation;
  private long appliedSeq;
  private @Nullable String embedder;
  private @Nullable CentroidSet centroids;
  private long horizon;
  private List<MissingShard> beyondShards = List.of();
  private boolean uncertain;

  /** Deletes that may be of documents in a shard of which not even the ids are known. */
  private final Map<String, Long> unmetDeletes = new HashMap<>();

  /** Snapshots of the past that were asked for lately; the set of segments is today's. */
  private final Map<Long, PartitionSnapshot> past =
      new LinkedHashMap<>(16, .75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, PartitionSnapshot> eldest) {
          return size() > PAST_SNAPSHOTS;
        }
      };

  private volatile PartitionSnapshot snapshot;

  SegmentTable(int partition, Supplier<Schema> schema, Clock clock) {
    this.partition = partition;
    this.schema = schema;
    this.clock = clock;
    this.active = emptySegment();
    this.snapshot = new PartitionSnapshot(partition, 0, 0, List.of(), List.of());
  }

  private LiveSegment emptySegment() {
    return new LiveSegment(ShardSchema.indexedFields(schema.get()), schema.get().vector());
  }

  /** What readers see now; needs no monitor. */
  PartitionSnapshot snapshot() {
    return snapshot;
  }

  /** Makes what has changed visible. */
  synchronized void publish() {
    var segments = new ArrayList<SegmentView>();
    var missing = new ArrayList<>(beyondShards);
    for (ShardSlot slot : shards) {
      if (slot.archived()) {
        continue;
      }
      if (slot.shard() == null) {
        missing.add(new MissingShard(slot.descriptor().shardId(), slot.reason()));
      } else {
        segments.add(slot.state().view(slot.segment()));
      }
    }
    for (FrozenSegment each : frozen) {
      segments.add(each.state().view(each.segment()));
    }
    if (active.documentCount() > 0) {
      segments.add(activeState.view(active.view()));
    }
    snapshot = new PartitionSnapshot(partition, generation, appliedSeq, segments, missing);
  }

  /**
   * The partition as it was after {@code commitSeq}. Versions that a commit left visible are kept
   * since {@link #horizon}, so this is exact, whatever was sealed or merged meanwhile.
   *
   * @throws CommitNotReadableException if it is before the horizon, or has not been applied
   */
  synchronized PartitionSnapshot at(long commitSeq) {
    if (commitSeq < horizon || commitSeq > appliedSeq) {
      throw new CommitNotReadableException(partition, commitSeq, horizon, appliedSeq);
    }
    if (commitSeq == snapshot.commitSeq()) {
      return snapshot;
    }
    var known = past.get(commitSeq);
    if (known == null) {
      known = composeAt(commitSeq);
      past.put(commitSeq, known);
    }
    return known;
  }

  private PartitionSnapshot composeAt(long commitSeq) {
    var segments = new ArrayList<SegmentView>();
    var missing = new ArrayList<>(beyondShards);
    for (ShardSlot slot : shards) {
      if (slot.archived() || slot.descriptor().minCommitSeq() > commitSeq) {
        continue;
      }
      if (slot.shard() == null) {
        missing.add(new MissingShard(slot.descriptor().shardId(), slot.reason()));
      } else {
        addAt(commitSeq, slot.segment(), slot.state(), segments);
      }
    }
    for (FrozenSegment each : frozen) {
      addAt(commitSeq, each.segment(), each.state(), segments);
    }
    addAt(commitSeq, active.view(), activeState, segments);
    return new PartitionSnapshot(partition, generation, commitSeq, segments, missing);
  }

  private static void addAt(
      long commitSeq, Segment segment, SegmentState state, List<SegmentView> segments) {
    var view = state.viewAt(segment, commitSeq);
    if (view.liveDocuments() > 0) {
      segments.add(view);
    }
  }

  /** What is missing besides shards: every snapshot names it. */
  synchronized void lack(List<MissingShard> lost) {
    beyondShards = List.copyOf(lost);
    past.clear();
    publish();
  }

  /**
   * A shard of which not even the ids are known: its file could not be read since the partition was
   * opened. What a write does to its documents cannot be told.
   */
  synchronized Optional<String> findUnknownShard() {
    return shards.stream()
        .filter(slot -> slot.identities() == null)
        .map(slot -> slot.descriptor().shardId())
        .findFirst();
  }

  /**
   * Whether it cannot be told if the live version of a document that {@link #findLive} does not
   * find is {@code version}.
   *
   * @param version {@link Operation#ABSENT}: if there is none
   */
  synchronized boolean mayBeUnread(String id, long version) {
    for (ShardSlot slot : shards) {
      var descriptor = slot.descriptor();
      boolean possible =
          version == Operation.ABSENT
              || (version >= descriptor.minCommitSeq() && version <= descriptor.maxCommitSeq());
      if (slot.identities() == null && possible && !isDeletedFrom(slot, id)) {
        return true;
      }
    }
    return false;
  }

  /** A document is deleted; a shard that cannot be read may have it. */
  synchronized void deleteUnmet(String id, long commitSeq) {
    if (findUnknownShard().isPresent()) {
      unmetDeletes.merge(id, commitSeq, Math::max);
    }
  }

  private boolean isDeletedFrom(ShardSlot slot, String id) {
    return unmetDeletes.getOrDefault(id, 0L) > slot.descriptor().maxCommitSeq();
  }

  /** What a generation must say of the shards that it carries along unread. */
  synchronized UnreadShards unread(List<ShardSlot> carried, long lastSeq) {
    var ids = new TreeSet<String>();
    for (ShardSlot slot : carried) {
      if (slot.unmetUpTo() > lastSeq) {
        ids.add(slot.descriptor().shardId());
      }
    }
    var deletes = new TreeMap<>(unmetDeletes);
    deletes.values().removeIf(seq -> seq > lastSeq);
    return new UnreadShards(ids, deletes);
  }

  /** A write was applied whose outcome a shard may change of which not even the ids are known. */
  synchronized void becomeUncertain() {
    uncertain = true;
  }

  /**
   * Whether the log must be applied again when the shards can be read that could not be: until then
   * nothing may be sealed.
   */
  synchronized boolean isUncertain() {
    return uncertain;
  }

  /** What is missing that may hold the document; empty if nothing missing does. */
  synchronized Optional<MissingShard> findMissing(String id) {
    for (ShardSlot slot : shards) {
      var known = slot.identities();
      boolean held = known == null ? !isDeletedFrom(slot, id) : isHeld(slot, known, id);
      if (slot.shard() == null && !slot.archived() && held) {
        return Optional.of(new MissingShard(slot.descriptor().shardId(), slot.reason()));
      }
    }
    return beyondShards.stream().findFirst();
  }

  private static boolean isHeld(ShardSlot slot, Segment known, String id) {
    int document = known.find(id);
    return document >= 0 && slot.state().isLive(document);
  }

  /** The oldest commit that {@link #at} still shows. */
  synchronized long horizon() {
    return horizon;
  }

  /** Commits before {@code commitSeq} need not be readable any more. */
  synchronized void advanceHorizon(long commitSeq) {
    if (commitSeq > horizon) {
      horizon = commitSeq;
      past.keySet().removeIf(seq -> seq < commitSeq);
    }
  }

  /**
   * Where the live version of a document is.
   *
   * @param state of its segment
   * @param document its ordinal there
   */
  record Place(SegmentState state, int document, long version) {}

  /** In shards whose file is gone as well, as far as their ids are in memory. */
  synchronized @Nullable Place findLive(String id) {
    return findLive(id, null);
  }

  private @Nullable Place findLive(String id, @Nullable ShardSlot except) {
    var place = findLive(id, active.view(), activeState);
    for (int i = frozen.size() - 1; place == null && i >= 0; i--) {
      place = findLive(id, frozen.get(i).segment(), frozen.get(i).state());
    }
    for (int i = shards.size() - 1; place == null && i >= 0; i--) {
      var slot = shards.get(i);
      var segment = slot.identities();
      if (segment != null && !slot.equals(except)) {
        place = findLive(id, segment, slot.state());
      }
    }
    return place;
  }

  private static @Nullable Place findLive(String id, Segment segment, SegmentState state) {
    int document = segment.find(id);
    return document >= 0 && state.isLive(document)
        ? new Place(state, document, segment.version(document))
        : null;
  }

  synchronized void append(Document document, long commitSeq) {
    active.append(document, commitSeq, schema.get().attributes());
    activeState.growTo(active.documentCount());
    if (activeSince == null) {
      activeSince = clock.instant();
    }
  }

  synchronized void applied(long commitSeq) {
    appliedSeq = commitSeq;
  }

  synchronized boolean isFull(PartitionSettings settings) {
    return active.documentCount() >= settings.sealDocuments()
        || active.bytes() >= settings.sealBytes();
  }

  /** Whether the active segment's first document came at least {@code age} ago. */
  synchronized boolean isOlderThan(Duration age) {
    return activeSince != null && !clock.instant().isBefore(activeSince.plus(age));
  }

  /** Sets the active segment aside, if it holds anything; an empty one takes over. */
  synchronized void freeze() {
    if (active.documentCount() == 0) {
      return;
    }
    frozen.add(new FrozenSegment(active.view(), activeState, appliedSeq, active.bytes()));
    active = emptySegment();
    activeState = new SegmentState(0);
    activeSince = null;
  }

  synchronized Optional<FrozenSegment> findFrozen() {
    return frozen.isEmpty() ? Optional.empty() : Optional.of(frozen.getFirst());
  }

  synchronized int frozenSegments() {
    return frozen.size();
  }

  /** The shard of that id, if it is among those of the active generation. */
  synchronized Optional<ShardSlot> findShard(String shardId) {
    return shards.stream().filter(slot -> slot.descriptor().shardId().equals(shardId)).findFirst();
  }

  synchronized List<ShardSlot> shards() {
    return List.copyOf(shards);
  }

  synchronized boolean holds(HeldSegment segment) {
    return switch (segment) {
      case ShardSlot slot -> shards.contains(slot);
      case FrozenSegment waiting -> frozen.contains(waiting);
    };
  }

  /**
   * Starts from a generation as it was found on disk.
   *
   * @param unread what the generation says of shards that were not read when it was made
   */
  synchronized void start(
      long number,
      long lastSeq,
      long oldestSeq,
      @Nullable String model,
      List<ShardSlot> held,
      UnreadShards unread) {
    generation = number;
    appliedSeq = lastSeq;
    horizon = oldestSeq;
    embedder = model;
    shards.addAll(held);
    shards.forEach(this::learnCells);
    unmetDeletes.putAll(unread.deletes());
    for (ShardSlot slot : held) {
      var shard = slot.shard();
      if (shard != null && unread.shardIds().contains(slot.descriptor().shardId())) {
        meet(slot, shard);
      }
    }
    publish();
  }

  /**
   * Puts shards in the place of segments and shows it, all at one moment.
   *
   * @return the shards that left and are open: those who began before may still read them
   */
  synchronized List<SealedShard> replace(
      long newGeneration, List<? extends HeldSegment> leaving, List<ShardSlot> joining) {
    var left = new ArrayList<SealedShard>();
    for (ShardSlot slot : shards) {
      var shard = slot.shard();
      if (shard != null && leaving.contains(slot)) {
        left.add(shard);
      }
    }
    shards.removeIf(leaving::contains);
    frozen.removeIf(leaving::contains);
    shards.addAll(joining);
    joining.forEach(this::learnCells);
    generation = newGeneration;
    past.clear();
    publish();
    return left;
  }

  /**
   * Puts shards of another schema in the place of all there is, and shows it at one moment. Nothing
   * may be unsealed, and the schema must be the new one already.
   *
   * @param model as {@link #embedder()}
   * @return the shards that left and are open
   */
  synchronized List<SealedShard> rebuilt(
      long newGeneration, List<ShardSlot> joining, @Nullable String model) {
    var left = new ArrayList<SealedShard>();
    for (ShardSlot slot : shards) {
      var shard = slot.shard();
      if (shard != null) {
        left.add(shard);
      }
    }
    shards.clear();
    active = emptySegment();
    activeState = new SegmentState(0);
    embedder = model;
    centroids = null;
    shards.addAll(joining);
    joining.forEach(this::learnCells);
    generation = newGeneration;
    past.clear();
    publish();
    return left;
  }

  /** Whether every document is in a shard. */
  synchronized boolean isSealed() {
    return frozen.isEmpty() && active.documentCount() == 0;
  }

  /** Hides a shard from readers, or shows it again. */
  synchronized void archive(long newGeneration, ShardSlot slot, boolean hidden) {
    slot.archive(hidden);
    generation = newGeneration;
    past.clear();
    publish();
  }

  /** The ids of the shards whose files could not be read when they were last looked at. */
  synchronized List<String> missingShards() {
    return shards.stream()
        .filter(slot -> slot.shard() == null)
        .map(slot -> slot.descriptor().shardId())
        .toList();
  }

  /** Whether a shard is held whose file could not be read when it was last looked at. */
  synchronized boolean isMissing(ShardSlot slot) {
    return shards.contains(slot) && slot.shard() == null;
  }

  /** A shard's file is readable again; false if the shard is not held any more, or served. */
  synchronized boolean serve(ShardSlot slot, SealedShard shard) {
    if (!isMissing(slot)) {
      return false;
    }
    boolean known = slot.identities() != null;
    slot.serve(shard);
    if (!known) {
      meet(slot, shard);
    }
    learnCells(slot);
    past.clear();
    publish();
    return true;
  }

  /**
   * A shard whose file was gone since the partition was opened was not seen by writes: what they
   * wrote again or deleted meanwhile counts, not what the shard has. That is exact for now; which
   * of several writes of one document was the first is not known, so the past is not read any more.
   */
  private void meet(ShardSlot slot, SealedShard shard) {
    slot.missed(appliedSeq);
    boolean met = false;
    for (int document = 0; document < shard.documentCount(); document++) {
      if (!slot.state().isLive(document)) {
        continue;
      }
      var id = shard.id(document);
      var place = findLive(id, slot);
      long deleted = unmetDeletes.getOrDefault(id, 0L);
      if (deleted > shard.version(document)) {
        slot.state().supersede(document, deleted);
        met = true;
      } else if (place != null && place.version() > shard.version(document)) {
        slot.state().supersede(document, place.version());
        met = true;
      }
    }
    if (met) {
      advanceHorizon(appliedSeq);
    }
  }

  /**
   * A shard's file is not readable: it is named as missing.
   *
   * @return what was served of it until now, null if that is no news
   */
  synchronized @Nullable SealedShard withdraw(ShardSlot slot, String reason) {
    var served = slot.shard();
    slot.withdraw(reason);
    past.clear();
    publish();
    return served;
  }

  private void learnCells(ShardSlot slot) {
    var shard = slot.shard();
    if (shard != null) {
      shard.centroidSet().ifPresent(set -> centroids = set);
    }
  }

  /**
   * Id and revision of the model whose vectors are held, empty text if the client gave them; null
   * before the first.
   */
  synchronized @Nullable String embedder() {
    return embedder;
  }

  synchronized void holdVectorsOf(String model) {
    embedder = model;
  }

  /** The cells of the namespace's vectors, null while there are none. */
  synchronized @Nullable CentroidSet centroids() {
    return centroids;
  }

  /** How much memory the unsealed segments take. */
  synchronized long unsealedBytes() {
    return active.bytes() + frozen.stream().mapToLong(FrozenSegment::bytes).sum();
  }

  synchronized void close() {
    for (ShardSlot slot : shards) {
      var shard = slot.shard();
      if (shard != null) {
        shard.close();
      }
    }
  }
}
