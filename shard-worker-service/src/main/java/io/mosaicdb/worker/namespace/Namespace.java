package io.mosaicdb.worker.namespace;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.NamespaceSettings;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.hash.ContentHash;
import io.mosaicdb.storage.partition.ActivationSuspendedException;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.partition.PartitionRebuild;
import io.mosaicdb.storage.partition.PartitionSettings;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.text.Snippets;
import io.mosaicdb.storage.text.TextQueryParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A namespace that is open on this worker. Thread-safe. */
public final class Namespace implements AutoCloseable {
  private final NamespaceName name;
  private final NamespaceFile file;
  private volatile NamespaceSettings settings;
  private final List<Partition> partitions;
  private final ShardUse use;
  private final String incarnation;
  private final SwitchJournal journal;

  /** Writing while schema and partitions change together; see {@link #settled}. */
  private final StampedLock shape = new StampedLock();

  private final AtomicBoolean rebuilding = new AtomicBoolean();
  private volatile HeldSchema held;
  private volatile Words words;
  private volatile Definition definition;
  private volatile @Nullable String unwritable;
  private volatile long switches;
  private volatile boolean reopening;

  /** What reads words in the way of the schema. */
  private record Words(TextQueryParser parser, Snippets snippets) {
    static Words of(Schema schema) {
      var fields = ShardSchema.indexedFields(schema);
      return new Words(new TextQueryParser(fields), new Snippets(fields));
    }
  }

  /** The words that stand for a schema. */
  private record Definition(Schema schema, NamespaceSettings settings, String words) {}

  /** Opens partitions with the schema as it is at any time. */
  interface PartitionOpener {
    List<Partition> open(Supplier<Schema> schema) throws IOException;
  }

  Namespace(
      NamespaceName name,
      NamespaceFile file,
      Schema schema,
      NamespaceSettings settings,
      PartitionOpener opener)
      throws IOException {
    this.name = name;
    this.file = file;
    this.held = new HeldSchema(schema);
    this.settings = settings;
    this.journal = new SwitchJournal(file.folder(), _ -> {});
    this.incarnation = file.incarnation();
    this.definition = define(schema, settings);
    this.use = new ShardUse(file.folder().resolve("use.json"));
    this.words = Words.of(schema);
    this.partitions = List.copyOf(opener.open(held));
  }

  public NamespaceName name() {
    return name;
  }

  public Schema schema() {
    return held.get();
  }

  /**
   * What {@code reading} gives while schema, words and partitions belong together: it is done again
   * if they changed meanwhile. For quick reads without effects.
   */
  public <T> T settled(Supplier<T> reading) {
    long stamp = shape.tryOptimisticRead();
    if (stamp != 0) {
      try {
        var read = reading.get();
        if (shape.validate(stamp)) {
          return read;
        }
      } catch (RuntimeException e) {
        if (shape.validate(stamp)) {
          throw e;
        }
      }
    }
    stamp = shape.readLock();
    try {
      return reading.get();
    } finally {
      shape.unlockRead(stamp);
    }
  }

  /**
   * @throws MosaicException {@code activation_suspended} if no generation may be activated
   */
  public void requireActivation() {
    try {
      for (Partition partition : partitions) {
        partition.requireActivation();
      }
    } catch (ActivationSuspendedException e) {
      throw new MosaicException(
          ErrorCode.ACTIVATION_SUSPENDED,
          e.getMessage() + " with POST /v1/namespaces/" + name + "/generations/resume",
          e);
    }
  }

  /** How often it has been rebuilt since it was opened. */
  public long switches() {
    return switches;
  }

  /**
   * @throws MosaicException {@code worker_unavailable} if commits cannot be taken
   */
  public Namespace requireWritable() {
    var reason = unwritable;
    if (reason != null) {
      throw new MosaicException(ErrorCode.WORKER_UNAVAILABLE, reason);
    }
    return this;
  }

  /**
   * Stands for this namespace with its schema as it is now; no other namespace, and no other
   * schema, has the same. One word.
   */
  public String definition() {
    var current = schema();
    var inForce = settings;
    var known = definition;
    if (!known.schema().equals(current) || !known.settings().equals(inForce)) {
      known = define(current, inForce);
      definition = known;
    }
    return known.words();
  }

  private Definition define(Schema of, NamespaceSettings with) {
    // A record of sorted maps and enums spells itself the same in every process.
    var spelt = of + " " + with.fieldWeights();
    var hash = ContentHash.base32OfBytes(spelt.getBytes(StandardCharsets.UTF_8));
    return new Definition(of, with, incarnation + "/" + hash.substring(0, 16));
  }

  public NamespaceSettings settings() {
    return settings;
  }

  /** Reads the words of a search. Thread-safe. */
  public TextQueryParser queryParser() {
    return words.parser();
  }

  /** Cuts snippets. Thread-safe. */
  public Snippets snippets() {
    return words.snippets();
  }

  /** The definition as it stands on disk, schema and settings. */
  public String definitionText() {
    try {
      return file.text();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path folder() {
    return file.folder();
  }

  public List<Partition> partitions() {
    return partitions;
  }

  /** The partition of that number; one that this worker does not hold is {@code not_found}. */
  public Partition partition(int number) {
    if (number < 0 || number >= partitions.size()) {
      throw new MosaicException(
          ErrorCode.NOT_FOUND,
          "namespace '"
              + name
              + "' has partitions 0 to "
              + (partitions.size() - 1)
              + ", not "
              + number);
    }
    return partitions.get(number);
  }

  /**
   * Adds attributes; one that exists keeps its type. The schema is on disk before it is in force.
   */
  synchronized Schema add(Map<String, Attribute> attributes) throws IOException {
    var before = schema();
    var extended = before;
    for (var entry : attributes.entrySet()) {
      if (!extended.attributes().containsKey(entry.getKey())) {
        try {
          extended = extended.with(entry.getKey(), entry.getValue());
        } catch (IllegalArgumentException e) {
          throw MosaicException.invalidValue("/attributes", String.valueOf(e.getMessage()));
        }
      }
    }
    if (!extended.equals(before)) {
      file.write(extended, settings);
      held.set(extended);
    }
    return extended;
  }

  /**
   * Changes what needs no rebuild, all of it or nothing. It is on disk before it is in force.
   *
   * @param partitionSettings how partitions are kept under the namespace's settings
   */
  synchronized void change(
      NamespaceRequest change, Function<NamespaceSettings, PartitionSettings> partitionSettings)
      throws IOException {
    var changed = plan(change).requireNoRebuild();
    if (changed.schema().equals(schema()) && changed.settings().equals(settings)) {
      return;
    }
    var reading = wordsOf(changed.schema());
    file.write(changed.schema(), changed.settings());
    held.set(changed.schema());
    words = reading;
    settings = changed.settings();
    var kept = partitionSettings.apply(settings);
    partitions.forEach(partition -> partition.change(kept));
  }

  /** Writes its definition again where it is missing or altered. */
  synchronized void mend() throws IOException {
    file.mend();
  }

  private static Words wordsOf(Schema schema) {
    try {
      return Words.of(schema);
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("/schema/fields", String.valueOf(e.getMessage()));
    }
  }

  /** What a change would be, were it made now. */
  NamespaceChange plan(NamespaceRequest change) {
    var planned = NamespaceChange.of(schema(), settings, change);
    Namespaces.requireKnownLanguages(planned.schema());
    return planned;
  }

  /**
   * Claims the namespace for a rebuild; one at a time.
   *
   * @throws MosaicException {@code schema_conflict} if it is being rebuilt
   */
  void beginRebuild() {
    if (!rebuilding.compareAndSet(false, true)) {
      throw new MosaicException(
          ErrorCode.SCHEMA_CONFLICT,
          "namespace '" + name + "' is being rebuilt; wait for the task, or cancel it");
    }
  }

  void endRebuild() {
    rebuilding.set(false);
  }

  /**
   * Claims the namespace for good, to be opened anew: its files are to have one owner. A rebuild is
   * asked to end, and the claim is to be tried again.
   */
  boolean claimForReopening() {
    reopening = true;
    return rebuilding.compareAndSet(false, true);
  }

  boolean isReopening() {
    return reopening;
  }

  boolean isRebuilding() {
    return rebuilding.get();
  }

  /**
   * Serves what was rebuilt, all partitions and the definition as one: on disk first, then for
   * readers. The partitions must be held.
   *
   * @param coming the schema that their shards were opened with
   * @throws IOException if it failed. Either nothing has happened, or the next start ends it and
   *     nothing is written until then
   */
  synchronized void switchTo(
      NamespaceRequest change,
      HeldSchema coming,
      List<PartitionRebuild> parts,
      Function<NamespaceSettings, PartitionSettings> partitionSettings)
      throws IOException {
    var changed = plan(change);
    var reading = wordsOf(changed.schema());
    var manifests = new TreeMap<String, String>();
    for (int number = 0; number < parts.size(); number++) {
      var manifest = parts.get(number).manifest();
      if (manifest.isPresent()) {
        manifests.put(Integer.toString(number), manifest.get().toJson());
      }
    }
    journal.write(changed.schema(), changed.settings(), manifests);
    boolean begun = false;
    try {
      for (PartitionRebuild part : parts) {
        part.activate();
        begun = true;
      }
      file.write(changed.schema(), changed.settings());
    } catch (IOException | RuntimeException e) {
      if (begun) {
        unwritable =
            "the rebuild of '%s' stopped between its partitions (%s); a restart of the worker ends it"
                .formatted(name, e.getMessage());
      } else {
        journal.remove();
      }
      throw e;
    }
    long stamp = shape.writeLock();
    try {
      coming.set(changed.schema());
      held = coming;
      words = reading;
      settings = changed.settings();
      parts.forEach(part -> part.show(coming));
      switches++;
    } finally {
      shape.unlockWrite(stamp);
    }
    var kept = partitionSettings.apply(settings);
    partitions.forEach(partition -> partition.change(kept));
    journal.remove();
  }

  /** How much its shards are searched. */
  public ShardUse use() {
    return use;
  }

  void saveUse() {
    var existing = new HashSet<String>();
    for (Partition partition : partitions) {
      existing.addAll(partition.shardIds());
    }
    use.save(existing);
  }

  @Override
  public void close() {
    saveUse();
    partitions.forEach(Partition::close);
  }
}
