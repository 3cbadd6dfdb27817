package io.mosaicdb.worker.namespace;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.NamespaceSettings;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.hash.ContentHash;
import io.mosaicdb.storage.partition.Partition;
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
import java.util.function.Function;

/** A namespace that is open on this worker. Thread-safe. */
public final class Namespace implements AutoCloseable {
  private final NamespaceName name;
  private final NamespaceFile file;
  private volatile NamespaceSettings settings;
  private final List<Partition> partitions;
  private final ShardUse use;
  private final String incarnation;
  private volatile Schema schema;
  private volatile Definition definition;
  private volatile Words words;

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
    List<Partition> open(java.util.function.Supplier<Schema> schema) throws IOException;
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
    this.schema = schema;
    this.settings = settings;
    this.incarnation = file.incarnation();
    this.definition = define(schema, settings);
    this.use = new ShardUse(file.folder().resolve("use.json"));
    // Of text fields only synonyms ever change; attributes may join.
    this.words = Words.of(schema);
    this.partitions = List.copyOf(opener.open(this::schema));
  }

  public NamespaceName name() {
    return name;
  }

  public Schema schema() {
    return schema;
  }

  /**
   * Stands for this namespace with its schema as it is now; no other namespace, and no other
   * schema, has the same. One word.
   */
  public String definition() {
    var current = schema;
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
    var extended = schema;
    for (var entry : attributes.entrySet()) {
      if (!extended.attributes().containsKey(entry.getKey())) {
        try {
          extended = extended.with(entry.getKey(), entry.getValue());
        } catch (IllegalArgumentException e) {
          throw MosaicException.invalidValue("/attributes", String.valueOf(e.getMessage()));
        }
      }
    }
    if (!extended.equals(schema)) {
      file.write(extended, settings);
      schema = extended;
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
    var changed = NamespaceChange.of(schema, settings, change);
    if (changed.schema().equals(schema) && changed.settings().equals(settings)) {
      return;
    }
    var reading = wordsOf(changed.schema());
    file.write(changed.schema(), changed.settings());
    schema = changed.schema();
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
