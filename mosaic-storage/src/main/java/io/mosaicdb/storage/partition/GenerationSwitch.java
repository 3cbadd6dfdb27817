package io.mosaicdb.storage.partition;

import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.generation.Activation;
import io.mosaicdb.storage.generation.CommitRange;
import io.mosaicdb.storage.generation.EmbedderIdentity;
import io.mosaicdb.storage.generation.GenerationManifest;
import io.mosaicdb.storage.generation.GenerationStore;
import io.mosaicdb.storage.generation.ShardDescriptor;
import io.mosaicdb.storage.generation.Tombstones;
import io.mosaicdb.storage.segment.Segment;
import io.mosaicdb.storage.shard.SealedShard;
import io.mosaicdb.storage.shard.ShardSchema;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts shards in the place of segments: the one way in which a partition's set of shards changes,
 * whether a live segment is sealed or shards are merged.
 *
 * <p>The new shards are complete and on disk before. The switch writes the next generation's
 * manifest, makes it the active one once its shards have been tried, and then shows readers a
 * snapshot of the new shards. A crash before the manifest is active leaves the old generation and
 * files that nobody names; after it, the new one. Commits go on meanwhile: versions that they
 * supersede while the shards were being written are found in the segments that leave, and carried
 * over by document id and version.
 */
final class GenerationSwitch {
  private final int partition;
  private final Supplier<Schema> schema;
  private final GenerationStore generations;
  private final SegmentTable table;
  private final ShardReaders readers;
  private final ActivationGate activations;
  private final Clock clock;

  GenerationSwitch(
      int partition,
      Supplier<Schema> schema,
      GenerationStore generations,
      SegmentTable table,
      ShardReaders readers,
      ActivationGate activations,
      Clock clock) {
    this.activations = activations;
    this.partition = partition;
    this.schema = schema;
    this.generations = generations;
    this.table = table;
    this.readers = readers;
    this.clock = clock;
  }

  /** The commits that the active generation holds; empty before the first. */
  Optional<CommitRange> findCommits() {
    return generations.findCurrent().map(GenerationManifest::commits);
  }

  /**
   * Tries shards that are to be served.
   *
   * @throws IOException if one does not answer as it should
   */
  void warmUp(List<NewShard> made) throws IOException {
    activations.warmUp(made, schema.get());
  }

  /**
   * Serves {@code made} in the place of {@code leaving}, durably. Whatever of {@code leaving} is
   * not in {@code made} is gone.
   *
   * @param commits what the new generation holds: those of the active one, or up to the last commit
   *     of a frozen segment that leaves
   * @param horizon the oldest commit whose versions are all in the new generation
   * @throws IOException if a segment has left meanwhile, the generation is refused, or the disk
   *     fails; then readers see what they saw before
   */
  synchronized void replace(
      List<? extends HeldSegment> leaving, List<NewShard> made, CommitRange commits, long horizon)
      throws IOException {
    GenerationManifest manifest;
    synchronized (table) {
      for (HeldSegment segment : leaving) {
        if (!table.holds(segment)) {
          throw new IOException("a segment that was to be replaced is not held any more");
        }
      }
      manifest = manifest(leaving, made, commits, horizon);
    }
    var activation = generations.activate(manifest, manifest.embedder());
    if (activation instanceof Activation.Refused refused) {
      activations.refused(String.join("; ", refused.reasons()));
      throw new IOException("generation " + manifest.number() + " refused: " + refused.reasons());
    }
    activations.activated();
    List<SealedShard> left;
    synchronized (table) {
      left = table.replace(manifest.number(), leaving, slots(leaving, made));
      table.advanceHorizon(horizon);
    }
    left.forEach(readers::leave);
  }

  /**
   * Hides a shard's documents from readers, or shows them again, durably. What was deleted or
   * replaced meanwhile stays so: writes see archived documents.
   *
   * @throws IOException as {@link #replace}
   */
  synchronized void archive(ShardSlot slot, boolean hidden) throws IOException {
    GenerationManifest manifest;
    synchronized (table) {
      if (!table.holds(slot)) {
        throw new IOException("the shard is not held any more");
      }
      var commits = findCommits().orElseThrow();
      var unchanged =
          manifest(List.of(), List.of(), commits, Math.min(table.horizon(), commits.last()));
      var archived = new TreeSet<>(unchanged.archived());
      if (hidden) {
        archived.add(slot.descriptor().shardId());
      } else {
        archived.remove(slot.descriptor().shardId());
      }
      manifest = unchanged.withArchived(archived);
    }
    var activation = generations.activate(manifest, manifest.embedder());
    if (activation instanceof Activation.Refused refused) {
      throw new IOException("generation " + manifest.number() + " refused: " + refused.reasons());
    }
    table.archive(manifest.number(), slot, hidden);
  }

  /** Holds the tombstones of the commits that it covers only: replay finds the later ones again. */
  private GenerationManifest manifest(
      List<? extends HeldSegment> leaving, List<NewShard> made, CommitRange commits, long horizon) {
    var parent = generations.findCurrent();
    var descriptors = new ArrayList<ShardDescriptor>();
    var tombstones = new HashMap<String, Tombstones>();
    var archived = new TreeSet<String>();
    var staying = new ArrayList<ShardSlot>();
    for (ShardSlot slot : table.shards()) {
      if (!leaving.contains(slot)) {
        staying.add(slot);
        if (slot.archived()) {
          archived.add(slot.descriptor().shardId());
        }
        descriptors.add(slot.descriptor());
        tombstones.put(
            slot.descriptor().shardId(),
            Tombstones.of(slot.state().supersededUpTo(commits.last())));
      }
    }
    var superseded = superseded(leaving);
    for (NewShard each : made) {
      var carried = carriedOver(superseded, each);
      carried.values().removeIf(seq -> seq > commits.last());
      descriptors.add(each.descriptor());
      tombstones.put(each.shardId(), Tombstones.of(carried));
    }
    return new GenerationManifest(
            parent.map(GenerationManifest::number).orElse(0L) + 1,
            parent.map(GenerationManifest::manifestId).orElse(null),
            partition,
            commits,
            horizon,
            embedder(),
            ShardSchema.hash(schema.get()),
            ShardSchema.analyzerIds(ShardSchema.indexedFields(schema.get())),
            descriptors,
            tombstones,
            List.of(),
            clock.instant())
        .withArchived(archived)
        .withUnread(table.unread(staying, commits.last()));
  }

  /**
   * The next generation: for every shard the one that stands for it in {@code made}, which may be
   * none, with what of its versions has been superseded since.
   *
   * @param embedder whose vectors the new shards hold; null: none
   */
  GenerationManifest rebuilt(
      Map<ShardSlot, Optional<NewShard>> made, Schema target, @Nullable EmbedderIdentity embedder) {
    var parent = generations.findCurrent().orElseThrow();
    var commits = parent.commits();
    var descriptors = new ArrayList<ShardDescriptor>();
    var tombstones = new HashMap<String, Tombstones>();
    var archived = new TreeSet<String>();
    synchronized (table) {
      made.forEach((slot, shard) ->
          shard.ifPresent(each -> {
            var carried = carriedOver(superseded(List.of(slot)), each);
            carried.values().removeIf(seq -> seq > commits.last());
            descriptors.add(each.descriptor());
            tombstones.put(each.shardId(), Tombstones.of(carried));
            if (slot.archived()) {
              archived.add(each.shardId());
            }
          }));
      return new GenerationManifest(
              parent.number() + 1,
              parent.manifestId(),
              partition,
              commits,
              Math.min(table.horizon(), commits.last()),
              embedder,
              ShardSchema.hash(target),
              ShardSchema.analyzerIds(ShardSchema.indexedFields(target)),
              descriptors,
              tombstones,
              List.of(),
              clock.instant())
          .withArchived(archived);
    }
  }

  /** The slots of {@link #rebuilt}, with everything that has superseded their versions. */
  List<ShardSlot> rebuiltSlots(Map<ShardSlot, Optional<NewShard>> made) {
    var slots = new ArrayList<ShardSlot>(made.size());
    synchronized (table) {
      made.forEach((slot, shard) ->
          shard.ifPresent(each -> {
            var joining = slots(List.of(slot), List.of(each)).getFirst();
            joining.archive(slot.archived());
            slots.add(joining);
          }));
    }
    return slots;
  }

  private static List<ShardSlot> slots(List<? extends HeldSegment> leaving, List<NewShard> made) {
    var superseded = superseded(leaving);
    var slots = new ArrayList<ShardSlot>(made.size());
    for (NewShard each : made) {
      var slot = new ShardSlot(each.descriptor());
      slot.serve(each.opened());
      carriedOver(superseded, each).forEach(slot.state()::supersede);
      slots.add(slot);
    }
    return slots;
  }

  private record Version(String id, long commitSeq) {}

  /** By version: the commit that superseded it. */
  private static Map<Version, Long> superseded(List<? extends HeldSegment> segments) {
    var found = new HashMap<Version, Long>();
    for (HeldSegment each : segments) {
      Segment segment = each.identities();
      if (segment == null) {
        // None of its versions is in what takes its place.
        continue;
      }
      each.state()
          .superseded()
          .forEach((document, seq) -> {
            // A version that its own commit replaced was never seen; its namesake was.
            if (seq != segment.version(document)) {
              found.put(new Version(segment.id(document), segment.version(document)), seq);
            }
          });
    }
    return found;
  }

  /** By ordinal in the new shard. */
  private static Map<Integer, Long> carriedOver(Map<Version, Long> superseded, NewShard shard) {
    var carried = new HashMap<Integer, Long>();
    if (superseded.isEmpty()) {
      return carried;
    }
    for (int i = 0; i < shard.opened().documentCount(); i++) {
      var seq = superseded.get(new Version(shard.opened().id(i), shard.opened().version(i)));
      if (seq != null) {
        carried.put(i, seq);
      }
    }
    return carried;
  }

  private @Nullable EmbedderIdentity embedder() {
    var vector = schema.get().vector();
    var model = table.embedder();
    return vector.present() && model != null
        ? PartitionEmbedder.identity(model, vector.dimensions())
        : null;
  }
}
