package io.mosaicdb.storage.shard;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Link;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.document.DocumentJson;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.hash.ContentHash;
import io.mosaicdb.storage.sqlite.SqliteConnections;
import io.mosaicdb.storage.text.IndexedFields;
import io.mosaicdb.storage.text.TextIndexWriter;
import io.mosaicdb.storage.vector.CentroidSet;
import io.mosaicdb.storage.vector.VectorIndexWriter;
import io.mosaicdb.storage.vector.VectorMetric;
import io.mosaicdb.storage.vector.VectorSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes a shard file. A shard is complete and on disk when {@link #write} returns, or it is not
 * there at all.
 */
public final class ShardWriter {
  public static final int FORMAT_VERSION = 1;

  /** "MSdb": tells {@code file(1)} and the reader what this SQLite file is. */
  public static final int APPLICATION_ID = 0x4d536462;

  /** By id, and the versions of one document from the oldest to the newest. */
  public static final Comparator<DocumentVersion> ORDER =
      Comparator.comparing((DocumentVersion version) -> version.document().id())
          .thenComparingLong(DocumentVersion::version);

  private final Schema schema;
  private final IndexedFields fields;
  private final VectorMetric metric;

  public ShardWriter(Schema schema) {
    this.schema = schema;
    this.fields = ShardSchema.indexedFields(schema);
    this.metric = ShardSchema.vectorMetric(schema.vector().metric());
  }

  /**
   * What was written.
   *
   * @param checksum SHA-256 of the file in hexadecimal
   */
  public record WrittenShard(
      String shardId,
      Path file,
      String checksum,
      long bytes,
      List<DocumentVersion> documents,
      int passages,
      long firstCommitSeq,
      long lastCommitSeq,
      @Nullable String centroidsChecksum) {
    public WrittenShard {
      documents = List.copyOf(documents);
    }
  }

  /**
   * Writes {@code versions}, at least one, into {@code folder}; the file is named by the shard's
   * id.
   *
   * @param embedder id and revision of the model that made the vectors, empty if none
   * @param centroids the namespace's cells, null for a flat index
   * @param taken file names that are in use: the same content written by other commits gets a name
   *     of its own
   */
  public WrittenShard write(
      Path folder,
      List<DocumentVersion> versions,
      String embedder,
      @Nullable CentroidSet centroids,
      Set<String> taken)
      throws IOException, SQLException {
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("a shard has at least one document");
    }
    var documents = new ArrayList<DocumentVersion>(versions.size());
    versions.forEach(version -> documents.add(prepared(version)));
    documents.sort(ORDER);
    var content = documents.stream().map(DocumentVersion::document).toList();
    var shardId = ShardIdentity.of(content, schema.vector());
    long first = documents.stream().mapToLong(DocumentVersion::version).min().orElseThrow();
    long last = documents.stream().mapToLong(DocumentVersion::version).max().orElseThrow();
    var building = folder.resolve(".building-" + UUID.randomUUID() + ".db");
    try {
      int passages;
      try (var connection = SqliteConnections.openShardBuilder(building)) {
        connection.setAutoCommit(false);
        passages = writeTables(connection, documents, centroids);
        writeMeta(connection, shardId, embedder, documents.size(), passages, first, last);
        connection.commit();
      }
      try (var channel = FileChannel.open(building, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      var checksum = ContentHash.hexOfFile(building);
      var file = claim(folder, shardId, first, taken);
      Files.move(building, file, StandardCopyOption.ATOMIC_MOVE);
      return new WrittenShard(
          shardId, file, checksum, Files.size(file), documents, passages, first, last, null);
    } finally {
      Files.deleteIfExists(building);
    }
  }

  /**
   * A file name of the shard's own, taken by an empty file in one step: two writers may make the
   * same content at the same time, and a file that others read is never written over.
   */
  private static Path claim(Path folder, String shardId, long first, Set<String> taken)
      throws IOException {
    for (int attempt = 0; ; attempt++) {
      var name =
          switch (attempt) {
            case 0 -> shardId + ".db";
            case 1 -> shardId + "-" + first + ".db";
            default -> shardId + "-" + first + "-" + attempt + ".db";
          };
      if (taken.contains(name)) {
        continue;
      }
      try {
        return Files.createFile(folder.resolve(name));
      } catch (FileAlreadyExistsException _) {
        // Somebody else's: the next name.
      }
    }
  }

  /**
   * With vectors as they are indexed, so that a shard made of shards has the id of one made of
   * documents.
   */
  private DocumentVersion prepared(DocumentVersion version) {
    var document = version.document();
    var passages = new ArrayList<Passage>(document.passages().size());
    for (Passage passage : document.passages()) {
      var vector = metric.prepare(Vectors.toFloats(passage.vector()));
      passages.add(new Passage(passage.start(), passage.end(), Vectors.toBytes(vector)));
    }
    return new DocumentVersion(
        new Document(
            document.id(),
            document.fields(),
            document.url(),
            document.attributes(),
            document.links(),
            passages),
        version.version());
  }

  private int writeTables(
      Connection connection, List<DocumentVersion> documents, @Nullable CentroidSet centroids)
      throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA application_id = " + APPLICATION_ID);
      statement.execute("PRAGMA user_version = " + FORMAT_VERSION);
      statement.execute(
          "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
      statement.execute(
          "CREATE TABLE documents(ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL, commit_seq INTEGER NOT NULL,"
              + " url TEXT, title TEXT, text TEXT, fields TEXT, attributes TEXT NOT NULL)");
      statement.execute(
          "CREATE TABLE passages(ordinal INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL, \"end\" INTEGER NOT NULL)");
      statement.execute(
          "CREATE TABLE links(source INTEGER NOT NULL, target TEXT NOT NULL, anchor TEXT NOT NULL, rel TEXT)");
    }
    writeDocuments(connection, documents);
    int passages = writePassages(connection, documents);
    writeLinks(connection, documents);
    AttributeTables.write(connection, schema.attributes(), documents);
    writeWords(connection, documents);
    if (schema.vector().present() && passages > 0) {
      var vectors = vectors(documents, passages);
      VectorIndexWriter.write(
          connection, metric, schema.vector().dimensions(), vectors, cells(centroids, vectors));
      RoutingCentroid.write(connection, metric, vectors);
    }
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE UNIQUE INDEX documents_by_id ON documents(id, commit_seq)");
      statement.execute("CREATE INDEX passages_by_document ON passages(document)");
      statement.execute("CREATE INDEX links_by_source ON links(source)");
    }
    return passages;
  }

  /**
   * The first shard of a namespace that is large enough for cells founds those that later ones
   * share.
   */
  private @Nullable CentroidSet cells(@Nullable CentroidSet known, VectorSource vectors) {
    int cells = CentroidSet.recommendedCells(vectors.size());
    return known != null || cells == 0 ? known : CentroidSet.train(metric, vectors, cells);
  }

  private static void writeDocuments(Connection connection, List<DocumentVersion> documents)
      throws SQLException {
    try (var insert =
        connection.prepareStatement("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (int ordinal = 0; ordinal < documents.size(); ordinal++) {
        Document document = documents.get(ordinal).document();
        var others = new TreeMap<>(document.fields());
        insert.setInt(1, ordinal);
        insert.setString(2, document.id());
        insert.setLong(3, documents.get(ordinal).version());
        insert.setString(4, document.url());
        insert.setString(5, others.remove("title"));
        insert.setString(6, others.remove("text"));
        insert.setString(7, others.isEmpty() ? null : DocumentJson.write(others));
        insert.setString(8, DocumentJson.write(document.attributes()));
        insert.addBatch();
        if ((ordinal & 1023) == 1023) {
          insert.executeBatch();
        }
      }
      insert.executeBatch();
    }
  }

  private static int writePassages(Connection connection, List<DocumentVersion> documents)
      throws SQLException {
    int passage = 0;
    try (var insert = connection.prepareStatement("INSERT INTO passages VALUES (?, ?, ?, ?)")) {
      for (int ordinal = 0; ordinal < documents.size(); ordinal++) {
        for (Passage each : documents.get(ordinal).document().passages()) {
          insert.setInt(1, passage++);
          insert.setInt(2, ordinal);
          insert.setInt(3, each.start());
          insert.setInt(4, each.end());
          insert.addBatch();
        }
        if ((ordinal & 1023) == 1023) {
          insert.executeBatch();
        }
      }
      insert.executeBatch();
    }
    return passage;
  }

  private static void writeLinks(Connection connection, List<DocumentVersion> documents)
      throws SQLException {
    try (var insert = connection.prepareStatement("INSERT INTO links VALUES (?, ?, ?, ?)")) {
      for (int ordinal = 0; ordinal < documents.size(); ordinal++) {
        for (Link link : documents.get(ordinal).document().links()) {
          insert.setInt(1, ordinal);
          insert.setString(2, link.url());
          insert.setString(3, link.text());
          insert.setString(4, link.rel());
          insert.addBatch();
        }
        if ((ordinal & 1023) == 1023) {
          insert.executeBatch();
        }
      }
      insert.executeBatch();
    }
  }

  private void writeWords(Connection connection, List<DocumentVersion> documents)
      throws SQLException {
    var names = fields.names();
    var words = new TextIndexWriter(fields);
    for (DocumentVersion version : documents) {
      words.add(ShardSchema.values(version.document(), names));
    }
    words.write(connection);
  }

  private static VectorSource vectors(List<DocumentVersion> documents, int passages) {
    var encoded = new ArrayList<byte[]>(passages);
    for (DocumentVersion version : documents) {
      for (Passage passage : version.document().passages()) {
        encoded.add(passage.vector());
      }
    }
    return new VectorSource() {
      @Override
      public int size() {
        return encoded.size();
      }

      @Override
      public float[] vector(int ordinal) {
        return Vectors.toFloats(encoded.get(ordinal));
      }
    };
  }

  private void writeMeta(
      Connection connection,
      String shardId,
      String embedder,
      int documents,
      int passages,
      long first,
      long last)
      throws SQLException {
    var values = new TreeMap<String, String>();
    values.put("format_version", Integer.toString(FORMAT_VERSION));
    values.put("shard_id", shardId);
    values.put("schema", DocumentJson.write(ShardSchema.describe(schema)));
    values.put("analyzers", ShardSchema.analyzerIds(fields));
    values.put("embedder", embedder);
    values.put("dimensions", Integer.toString(schema.vector().dimensions()));
    values.put("metric", schema.vector().metric().wireName());
    values.put("documents", Integer.toString(documents));
    values.put("passages", Integer.toString(passages));
    values.put("first_commit_seq", Long.toString(first));
    values.put("last_commit_seq", Long.toString(last));
    try (var insert = connection.prepareStatement("INSERT INTO meta VALUES (?, ?)")) {
      for (var entry : values.entrySet()) {
        insert.setString(1, entry.getKey());
        insert.setString(2, entry.getValue());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
