package io.mosaicdb.storage.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Link;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Metric;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.VectorField;
import io.mosaicdb.model.schema.VectorOrigin;
import io.mosaicdb.sqlitevec.SqliteVecLibrary;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.hash.ContentHash;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardWriterTest {
  private static final int DIMENSIONS = 12;
  private static final Schema SCHEMA =
      new Schema(
              Schema.standard(0).fields(),
              new TreeMap<>(),
              new VectorField(DIMENSIONS, Metric.L2, VectorOrigin.CLIENT),
              false)
          .with("lang", new Attribute(AttributeType.STRING, true))
          .with("published", new Attribute(AttributeType.DATETIME, true))
          .with("tags", new Attribute(AttributeType.STRINGS, true))
          .with("at", new Attribute(AttributeType.GEO, true))
          .with("note", new Attribute(AttributeType.STRING, false));

  @TempDir private Path folder;

  @Test
  void isReadByStockSqlite() throws Exception {
    var shard = write("a", documents(300, 1));

    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + shard.file())) {
      assertThat(value(connection, "SELECT value FROM meta WHERE key = 'shard_id'"))
          .isEqualTo(shard.shardId());
      assertThat(value(connection, "SELECT count(*) FROM documents")).isEqualTo("300");
      assertThat(value(connection, "SELECT text FROM documents WHERE id = 'doc-7'"))
          .isEqualTo("text of document 7");
      assertThat(
              value(
                  connection,
                  "SELECT json_extract(attributes, '$.lang') FROM documents WHERE id = 'doc-7'"))
          .isEqualTo("en");
      assertThat(value(connection, "SELECT count(*) FROM attributes WHERE lang = 'de'"))
          .isEqualTo("150");
      assertThat(
              value(
                  connection,
                  "SELECT count(*) FROM attribute_elements WHERE name = 'tags' AND value = 'odd'"))
          .isEqualTo("150");
      assertThat(
              value(
                  connection,
                  "SELECT count(*) FROM attribute_places WHERE min_lat >= 10 AND max_lat < 20"))
          .isEqualTo("10");
      assertThat(value(connection, "SELECT target FROM links WHERE source = 0"))
          .isEqualTo("https://example.org/0");
      assertThat(value(connection, "PRAGMA integrity_check")).isEqualTo("ok");
    }
    assertThat(ContentHash.hexOfFile(shard.file())).isEqualTo(shard.checksum());
  }

  @Test
  void answersNearestNeighboursThroughSqliteVec() throws Exception {
    var documents = documents(300, 1);
    var shard = write("a", documents);

    try (var connection =
        DriverManager.getConnection(
            "jdbc:sqlite:" + shard.file() + "?enable_load_extension=true")) {
      try (var load = connection.prepareStatement("SELECT load_extension(?, ?)")) {
        load.setString(1, SqliteVecLibrary.path().toString());
        load.setString(2, SqliteVecLibrary.ENTRY_POINT);
        load.execute();
      }
      try (var select =
          connection.prepareStatement(
              "SELECT d.id FROM passage_vectors v JOIN passages p ON p.ordinal = v.rowid - 1"
                  + " JOIN documents d ON d.ordinal = p.document"
                  + " WHERE v.embedding MATCH ? AND v.k = 3 ORDER BY v.distance")) {
        select.setBytes(1, documents.get(42).document().passages().getFirst().vector());
        try (var rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).isEqualTo("doc-42");
        }
      }
    }
  }

  @Test
  void keepsTheMeanOfItsVectorsForRouting() throws Exception {
    var documents = documents(300, 1);
    var shard = write("a", documents);
    var mean = new double[DIMENSIONS];
    for (DocumentVersion each : documents) {
      var vector = Vectors.toFloats(each.document().passages().getFirst().vector());
      for (int d = 0; d < DIMENSIONS; d++) {
        mean[d] += vector[d] / 300.0;
      }
    }

    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + shard.file());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT vector, norm FROM routing_centroids")) {
      assertThat(rows.next()).isTrue();
      var stored = Vectors.toFloats(rows.getBytes(1));
      double squares = 0;
      for (int d = 0; d < DIMENSIONS; d++) {
        assertThat((double) stored[d]).isCloseTo(mean[d], within(1e-5));
        squares += mean[d] * mean[d];
      }
      assertThat(rows.getDouble(2)).isCloseTo(Math.sqrt(squares), within(1e-5));
    }
  }

  @Test
  void theIdDependsOnContentAlone() throws Exception {
    var documents = documents(300, 1);
    var shuffled = new ArrayList<DocumentVersion>();
    for (DocumentVersion each : documents) {
      shuffled.add(new DocumentVersion(each.document(), each.version() + 1000));
    }
    Collections.shuffle(shuffled, new Random(5));
    var first = write("a", documents);

    assertThat(write("b", shuffled).shardId()).isEqualTo(first.shardId());
    assertThat(write("c", documents(300, 2)).shardId()).isNotEqualTo(first.shardId());
    assertThat(write("d", documents).checksum()).isEqualTo(first.checksum());
  }

  private ShardWriter.WrittenShard write(String name, List<DocumentVersion> documents)
      throws Exception {
    var target = folder.resolve(name);
    java.nio.file.Files.createDirectories(target);
    return new ShardWriter(SCHEMA).write(target, documents, "", null, Set.of());
  }

  private static List<DocumentVersion> documents(int count, int seed) {
    var random = new Random(seed);
    var documents = new ArrayList<DocumentVersion>();
    for (int i = 0; i < count; i++) {
      var vector = new float[DIMENSIONS];
      for (int d = 0; d < DIMENSIONS; d++) {
        vector[d] = (float) random.nextGaussian();
      }
      var attributes = new TreeMap<String, Object>();
      attributes.put("lang", i % 2 == 0 ? "de" : "en");
      attributes.put("published", "2026-01-01T00:00:00Z");
      attributes.put("tags", i % 2 == 0 ? List.of("even") : List.of("odd", "strange"));
      attributes.put("note", "not filterable");
      if (i < 60) {
        attributes.put("at", Map.of("lat", (double) i, "lon", 2.0));
      }
      documents.add(
          new DocumentVersion(
              new Document(
                  "doc-" + i,
                  new TreeMap<>(Map.of("title", "document " + i, "text", "text of document " + i)),
                  "https://example.org/" + i,
                  attributes,
                  List.of(new Link("https://example.org/" + i, "self", null)),
                  List.of(new Passage(0, 10, Vectors.toBytes(vector)))),
              i + 1));
    }
    return documents;
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).as(sql).isTrue();
      return rows.getString(1);
    }
  }
}
