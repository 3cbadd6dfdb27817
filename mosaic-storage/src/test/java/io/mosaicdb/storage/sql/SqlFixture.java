package io.mosaicdb.storage.sql;

import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Link;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Metric;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.TextField;
import io.mosaicdb.model.schema.VectorField;
import io.mosaicdb.model.schema.VectorOrigin;
import io.mosaicdb.storage.document.CommitCodec;
import io.mosaicdb.storage.log.LogSettings;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.partition.PartitionSettings;
import io.mosaicdb.storage.partition.ShardReaders;
import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.sqlite.ReadOnlySettings;
import io.mosaicdb.storage.text.TextIndexMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** Two partitions on disk, what was written into them, and the SQL over them. */
final class SqlFixture implements AutoCloseable {
  static final Schema SCHEMA = schema();
  private static final int DIMENSIONS = 4;
  private static final List<String> WORDS =
      List.of("apple", "pear", "plum", "O'Brien", "naïve", "日本語", "😀 smile", "100%", "a_b", "");

  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final List<Partition> partitions = new ArrayList<>();
  private final Random random;
  final Path folder;
  final SnapshotSql sql = new SnapshotSql(timer);

  /** What a reader must see: id to document and the commit that wrote it. */
  final TreeMap<String, Written> written = new TreeMap<>();

  record Written(Document document, int partition, long commitSeq) {}

  SqlFixture(Path folder, long seed) throws IOException {
    this.folder = folder;
    this.random = new Random(seed);
    for (int number = 0; number < 2; number++) {
      partitions.add(
          Partition.open(
              number,
              folder.resolve(Integer.toString(number)),
              () -> SCHEMA,
              new PartitionSettings(
                  LogSettings.defaults(),
                  ReadOnlySettings.defaults(),
                  10_000,
                  64 << 20,
                  Duration.ofDays(1),
                  Duration.ofDays(1),
                  3),
              new Partition.Resources(
                  new TextIndexMemory(8 << 20),
                  timer,
                  Runnable::run,
                  new ShardReaders(),
                  Clock.systemUTC())));
    }
  }

  private static Schema schema() {
    var fields = new TreeMap<>(Schema.standard(0).fields());
    fields.put("summary", new TextField(1, "en", true, true));
    return new Schema(
            fields,
            new TreeMap<>(),
            new VectorField(DIMENSIONS, Metric.COSINE, VectorOrigin.CLIENT),
            false)
        .with("year", new Attribute(AttributeType.INTEGER, true))
        .with("score", new Attribute(AttributeType.FLOAT, true))
        .with("flag", new Attribute(AttributeType.BOOLEAN, true))
        .with("lang", new Attribute(AttributeType.STRING, true))
        .with("seen", new Attribute(AttributeType.DATETIME, true))
        .with("tags", new Attribute(AttributeType.STRINGS, true))
        .with("place", new Attribute(AttributeType.GEO, true))
        .with("note", new Attribute(AttributeType.STRING, false))
        .with("noted", new Attribute(AttributeType.DATETIME, false))
        .with("group-by.2", new Attribute(AttributeType.INTEGER, true))
        // Shadowed by the column of that name.
        .with("title", new Attribute(AttributeType.STRING, true));
  }

  /** Some random writes, deletes and seals. */
  void live(int steps) throws IOException {
    for (int step = 0; step < steps; step++) {
      int partition = random.nextInt(partitions.size());
      int what = random.nextInt(10);
      if (what == 0) {
        partitions.get(partition).seal();
      } else {
        commit(partition, 1 + random.nextInt(12));
      }
    }
  }

  private void commit(int partition, int operations) {
    var batch = new ArrayList<Operation>();
    var documents = new TreeMap<String, @Nullable Document>();
    for (int i = 0; i < operations; i++) {
      // Ids tell the partition, so that no two partitions hold the same document.
      var id = "p" + partition + "-" + random.nextInt(40);
      if (random.nextInt(4) == 0) {
        batch.add(Operation.delete(id));
        documents.put(id, null);
      } else {
        var document = document(id);
        batch.add(Operation.upsert(document));
        documents.put(id, document);
      }
    }
    long seq = write(partition, batch);
    documents.forEach((id, document) -> {
      if (document == null) {
        written.remove(id);
      } else {
        written.put(id, new Written(document, partition, seq));
      }
    });
  }

  void put(Document document) {
    long seq = write(0, List.of(Operation.upsert(document)));
    written.put(document.id(), new Written(document, 0, seq));
  }

  private long write(int partition, List<Operation> operations) {
    return partitions
        .get(partition)
        .append(CommitCodec.encode(new CommitBatch("", operations)), null)
        .join()
        .commitSeq();
  }

  void seal() throws IOException {
    for (Partition partition : partitions) {
      partition.seal();
    }
  }

  List<Path> shardFiles() {
    return partitions.stream()
        .flatMap(partition -> partition.shards().stream())
        .map(Partition.ShardStatus::file)
        .toList();
  }

  Document document(String id) {
    var fields = new TreeMap<String, String>();
    var text = words(random.nextInt(8));
    if (random.nextInt(8) > 0) {
      fields.put("text", text);
    }
    if (random.nextInt(4) > 0) {
      fields.put("title", words(2));
    }
    if (random.nextInt(3) == 0) {
      fields.put("summary", words(3));
    }
    var attributes = new TreeMap<String, Object>();
    perhaps(attributes, "year", (long) (1990 + random.nextInt(6)));
    perhaps(attributes, "score", random.nextInt(40) / 4.0 - 3);
    perhaps(attributes, "flag", random.nextBoolean());
    perhaps(attributes, "lang", List.of("en", "de", "日本").get(random.nextInt(3)));
    perhaps(attributes, "seen", time());
    perhaps(attributes, "noted", time());
    perhaps(attributes, "tags", List.of("x", "y\"z", "ü").subList(0, random.nextInt(4)));
    perhaps(attributes, "place", Map.of("lat", random.nextInt(90) / 2.0, "lon", -12.25));
    perhaps(attributes, "note", words(1));
    perhaps(attributes, "group-by.2", (long) random.nextInt(3));
    perhaps(attributes, "title", "shadowed");
    var links = new ArrayList<Link>();
    for (int i = random.nextInt(3); i > 0; i--) {
      links.add(
          new Link(
              "https://example.org/" + random.nextInt(5),
              words(1),
              random.nextBoolean() ? "nofollow" : null));
    }
    var passages = new ArrayList<Passage>();
    int cut = fields.containsKey("text") && !text.isEmpty() ? random.nextInt(text.length()) : 0;
    if (fields.containsKey("text") && random.nextInt(3) > 0) {
      passages.add(passage(0, cut));
      passages.add(passage(cut, text.length()));
    }
    return new Document(
        id,
        fields,
        random.nextBoolean() ? "https://example.org/" + id : null,
        attributes,
        links,
        passages);
  }

  private Passage passage(int start, int end) {
    var vector = new float[DIMENSIONS];
    for (int d = 0; d < DIMENSIONS; d++) {
      vector[d] = random.nextFloat() + .1f;
    }
    return new Passage(start, end, Vectors.toBytes(vector));
  }

  private void perhaps(Map<String, Object> attributes, String name, Object value) {
    if (random.nextInt(4) > 0) {
      attributes.put(name, value);
    }
  }

  private String time() {
    return Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt(1_000_000) * 250L).toString();
  }

  private String words(int count) {
    var words = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      words.add(WORDS.get(random.nextInt(WORDS.size())));
    }
    return String.join(" ", words);
  }

  List<PartitionSnapshot> snapshots() {
    return partitions.stream().map(Partition::snapshot).toList();
  }

  SqlAnswer ask(String statement, @Nullable Object... parameters) {
    return ask(SqlLimits.defaults(), statement, parameters);
  }

  SqlAnswer ask(SqlLimits limits, String statement, @Nullable Object... parameters) {
    return sql.run(
        new SqlQuestion(statement, java.util.Arrays.asList(parameters), SCHEMA, limits, false),
        snapshots());
  }

  void maintain() throws IOException {
    for (Partition partition : partitions) {
      partition.maintain();
    }
  }

  @Override
  public void close() {
    partitions.forEach(Partition::close);
    timer.shutdownNow();
  }
}
