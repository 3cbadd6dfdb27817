package io.mosaicdb.storage.partition;

import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.generation.Activation;
import io.mosaicdb.storage.generation.EmbedderIdentity;
import io.mosaicdb.storage.generation.GenerationManifest;
import io.mosaicdb.storage.generation.GenerationStore;
import io.mosaicdb.storage.shard.SealedShard;
import io.mosaicdb.storage.vector.CentroidSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shards of another schema, or with another model's vectors, made beside those that a partition
 * serves: one for each of them, of the same documents in the same versions, so that commits,
 * versions and the past are what they were. For one thread.
 *
 * <ol>
 *   <li>{@link #advance} makes the shards that are missing; writes, searches and sealing go on, so
 *       that it is called again until little is left.
 *   <li>{@link #hold} lets no commit in and makes the last ones: those waiting to be sealed too.
 *   <li>{@link #manifest} is the next generation; {@link #activate} makes it the one on disk,
 *       {@link #show} the one that readers see.
 *   <li>{@link #close} lets commits in again and removes what was made for nothing.
 * </ol>
 *
 * <p>Until {@code activate} nothing that is served has changed. A crash before it leaves files that
 * nobody names, which the next hours' clearing removes.
 */
public final class PartitionRebuild implements AutoCloseable {
  private final Partition partition;
  private final Supplier<Schema> target;
  private final @Nullable String model;
  private final Conversion conversion;
  private final Parts parts;
  private final Map<ShardSlot, Optional<NewShard>> made = new LinkedHashMap<>();
  private @Nullable CentroidSet cells;
  private @Nullable GenerationManifest manifest;
  private boolean holding;
  private boolean activating;
  private boolean shown;

  /** What a rebuild needs of its partition. */
  record Parts(
      GenerationStore generations,
      SegmentTable table,
      ShardRoom room,
      RetentionWindow window,
      WritePath writes,
      GenerationSwitch generationSwitch,
      ActivationGate activations,
      ShardReaders readers) {}

  /** Documents as they are to be, in their order and with their versions. */
  public interface Conversion {
    /**
     * @param stop asked now and then
     * @throws IOException if they cannot be converted: the rebuild fails
     */
    List<DocumentVersion> convert(List<DocumentVersion> versions, BooleanSupplier stop)
        throws IOException;

    /** Whether it needs the vectors that documents have. */
    boolean keepsVectors();
  }

  PartitionRebuild(
      Partition partition,
      Supplier<Schema> target,
      @Nullable String model,
      Conversion conversion,
      Parts parts) {
    this.partition = partition;
    this.target = target;
    this.model = model;
    this.conversion = conversion;
    this.parts = parts;
  }

  /** How many documents there are to be converted, as far as one knows now. */
  public long documents() {
    return partition.snapshot().liveDocuments();
  }

  /** How many documents came since the last {@link #advance}. */
  public long behind() {
    long behind = partition.status().unsealed();
    for (ShardSlot slot : parts.table().shards()) {
      if (!made.containsKey(slot)) {
        behind += slot.descriptor().documents();
      }
    }
    return behind;
  }

  /**
   * Seals what is unsealed and makes the shards that are missing; false if it was stopped.
   *
   * @param done told when more documents have been converted
   * @throws IOException if a shard cannot be read or made
   */
  public boolean advance(Runnable done, BooleanSupplier stop) throws IOException {
    partition.seal();
    for (ShardSlot slot : parts.table().shards()) {
      if (stop.getAsBoolean()) {
        return false;
      }
      if (made.containsKey(slot)) {
        continue;
      }
      if (parts.table().isMissing(slot)) {
        throw new IOException(
            "shard %s cannot be read, so its documents cannot be rebuilt: %s"
                .formatted(slot.descriptor().shardId(), slot.reason()));
      }
      try (var _ = parts.readers().begin()) {
        var shard = parts.room().making(() -> make(slot, stop));
        if (shard.isEmpty() && stop.getAsBoolean()) {
          return false;
        }
        made.put(slot, shard);
      } catch (SQLException e) {
        throw new IOException("rebuilding shard " + slot.descriptor().shardId() + " failed", e);
      }
      done.run();
    }
    forgetWhatLeft();
    return true;
  }

  /** How many documents stand in what was made. */
  public long converted() {
    return made.values().stream()
        .flatMap(Optional::stream)
        .mapToLong(each -> each.opened().documentCount())
        .sum();
  }

  /** Empty where no version must be kept, or it was stopped. */
  private Optional<NewShard> make(ShardSlot slot, BooleanSupplier stop)
      throws IOException, SQLException {
    long covered = parts.generationSwitch().findCommits().orElseThrow().last();
    long floor = parts.window().floor(covered);
    var kept = new ArrayList<Integer>();
    var segment = slot.segment();
    synchronized (parts.table()) {
      for (int i = 0; i < segment.documentCount(); i++) {
        if (slot.state().isVisibleSince(i, segment.version(i), floor)) {
          kept.add(i);
        }
      }
    }
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    var ordinals = kept.stream().mapToInt(Integer::intValue).toArray();
    var versions = conversion.convert(segment.load(ordinals, conversion.keepsVectors()), stop);
    if (versions.size() != ordinals.length) {
      if (stop.getAsBoolean()) {
        return Optional.empty();
      }
      throw new IOException(
          "of %d documents %d came back".formatted(ordinals.length, versions.size()));
    }
    var others = made.values().stream().flatMap(Optional::stream).toList();
    var shard = parts.room().make(versions, others, target, nameOfModel(), cells);
    if (others.stream().anyMatch(each -> each.shardId().equals(shard.shardId()))) {
      discard(shard);
      throw new IOException(
          "two shards would hold the same documents; merge the namespace's shards first");
    }
    try {
      parts.activations().warmUp(List.of(shard), target.get());
    } catch (IOException e) {
      discard(shard);
      throw e;
    }
    shard.opened().centroidSet().ifPresent(set -> cells = set);
    return Optional.of(shard);
  }

  private String nameOfModel() {
    var held = model == null ? parts.table().embedder() : model;
    return held == null || !target.get().vector().present() ? "" : held;
  }

  /** A shard that the partition does not hold any more need not be replaced. */
  private void forgetWhatLeft() throws IOException {
    var held = new IdentityHashMap<ShardSlot, Boolean>();
    parts.table().shards().forEach(slot -> held.put(slot, true));
    for (ShardSlot slot : List.copyOf(made.keySet())) {
      if (!held.containsKey(slot)) {
        var left = made.remove(slot);
        if (left != null && left.isPresent()) {
          discard(left.get());
        }
      }
    }
  }

  /**
   * Lets no more commit in and makes what is left, until {@link #close}. Those who write wait.
   *
   * @return false if it was stopped
   */
  public boolean hold(Runnable done, BooleanSupplier stop)
      throws IOException, InterruptedException {
    parts.writes().hold();
    holding = true;
    return advance(done, stop);
  }

  /**
   * The next generation, verified as far as can be before it is active: as many documents as
   * before, found where they are looked for.
   *
   * @return empty where nothing was ever written
   * @throws IOException if something is wrong with what was made
   */
  public Optional<GenerationManifest> manifest() throws IOException {
    if (!holding || !parts.table().isSealed()) {
      throw new IllegalStateException("the partition is not held");
    }
    if (parts.generationSwitch().findCommits().isEmpty()) {
      return Optional.empty();
    }
    var next = parts.generationSwitch().rebuilt(made, target.get(), embedder());
    verify();
    manifest = next;
    return Optional.of(next);
  }

  private void verify() throws IOException {
    parts.activations().requireOpen();
    long live = 0;
    for (ShardSlot slot : parts.generationSwitch().rebuiltSlots(made)) {
      var shard = slot.segment();
      for (int i = 0; i < shard.documentCount(); i++) {
        if (slot.state().isLive(i) && !slot.archived()) {
          live++;
        }
      }
    }
    long served = partition.snapshot().liveDocuments();
    if (live != served) {
      throw new IOException(
          "the new generation has %d documents, the one in force %d".formatted(live, served));
    }
  }

  private @Nullable EmbedderIdentity embedder() {
    var vector = target.get().vector();
    var held = model == null ? parts.table().embedder() : model;
    return vector.present() && held != null
        ? PartitionEmbedder.identity(held, vector.dimensions())
        : null;
  }

  /**
   * Makes the generation of {@link #manifest} the one on disk. Readers see the old one still.
   *
   * @throws IOException if it is refused or the disk fails
   */
  public void activate() throws IOException {
    var next = manifest;
    if (next == null) {
      return;
    }
    activating = true;
    if (parts.generations().activate(next, next.embedder()) instanceof Activation.Refused refused) {
      activating = false;
      parts.activations().refused(String.join("; ", refused.reasons()));
      throw new IOException("generation " + next.number() + " refused: " + refused.reasons());
    }
  }

  /**
   * Shows readers the new generation, at one moment; touches no file.
   *
   * @param inForce the schema from now on, equal to the target
   */
  public void show(Supplier<Schema> inForce) {
    var joining = parts.generationSwitch().rebuiltSlots(made);
    List<SealedShard> left;
    synchronized (parts.table()) {
      partition.use(inForce);
      var next = manifest;
      var held = model == null ? parts.table().embedder() : model;
      left =
          parts
              .table()
              .rebuilt(
                  next == null ? partition.snapshot().generation() : next.number(),
                  joining,
                  inForce.get().vector().present() ? held : null);
    }
    shown = true;
    left.forEach(parts.readers()::leave);
  }

  /** Lets commits in again. What was made and is not served is removed. */
  @Override
  public void close() throws IOException {
    try {
      if (!shown) {
        for (var shard : made.values()) {
          if (shard.isPresent()) {
            if (activating) {
              // A generation may name the file.
              shard.get().opened().close();
            } else {
              discard(shard.get());
            }
          }
        }
      }
    } finally {
      if (activating && !shown) {
        parts
            .activations()
            .close(
                "a rebuild stopped while it was being activated; a restart of the worker ends it");
      }
      if (holding) {
        parts.writes().admit();
      }
      partition.rebuildEnded();
    }
  }

  private static void discard(NewShard shard) throws IOException {
    shard.opened().close();
    Files.deleteIfExists(shard.written().file());
  }

  /**
   * Why a generation cannot be activated in the partition of that folder, which is not open; empty
   * if it can be, or is active already.
   */
  public static List<String> findProblems(Path folder, String manifest, Clock clock)
      throws IOException {
    var wanted = GenerationManifest.fromJson(manifest);
    var store = GenerationStore.open(folder, clock);
    if (isPast(store, wanted)) {
      return List.of();
    }
    var problems = new ArrayList<String>();
    for (var shard : wanted.shards()) {
      store.findProblem(shard).ifPresent(problems::add);
    }
    return problems;
  }

  /**
   * Activates a generation in the partition of that folder, which is not open, unless it is active
   * already.
   *
   * @throws IOException if it is refused
   */
  public static void finish(Path folder, String manifest, Clock clock) throws IOException {
    var wanted = GenerationManifest.fromJson(manifest);
    var store = GenerationStore.open(folder, clock);
    if (!isPast(store, wanted)
        && store.activate(wanted, wanted.embedder()) instanceof Activation.Refused refused) {
      throw new IOException("generation " + wanted.number() + " refused: " + refused.reasons());
    }
  }

  /** Why nobody can say what the partition of that folder, which is not open, served last. */
  public static Optional<String> findLoss(Path folder, Clock clock) throws IOException {
    return GenerationStore.open(folder, clock).findLoss();
  }

  /** Whether the generation is active already in the partition of that folder. */
  public static boolean isFinished(Path folder, String manifest, Clock clock) throws IOException {
    return isPast(GenerationStore.open(folder, clock), GenerationManifest.fromJson(manifest));
  }

  private static boolean isPast(GenerationStore store, GenerationManifest wanted) {
    return store
        .findCurrent()
        .filter(current ->
            current.number() > wanted.number() || current.manifestId().equals(wanted.manifestId()))
        .isPresent();
  }
}
