package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.sqlitevec.SqliteVecLibrary;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;
import tools.jackson.databind.JsonNode;

/**
 * Sealed shards as files: what their names say, that they never change, that anyone can read them.
 */
class ShardFileTest {
  private static final int DOCUMENTS = 120;
  @TempDir Path folder;
  @RegisterExtension final Servers servers = new Servers();

  @Test
  void theSameDocumentsInAnotherOrderMakeTheSameShards() {
    var forwards = IntStream.range(0, DOCUMENTS).boxed().toList();
    var shuffled = new ArrayList<>(forwards);
    Collections.shuffle(shuffled, new Random(7));

    var one = shardIds(servers.start(folder.resolve("one")), forwards, 50);
    var other = shardIds(servers.start(folder.resolve("other")), shuffled, 7);

    assertThat(one).hasSize(2).doesNotHaveDuplicates().isEqualTo(other);
    assertThat(one).allMatch(id -> id.matches("[a-z2-7]{52}"));
  }

  /** The shard of given vectors and the one of embedded texts. */
  private static List<String> shardIds(MosaicServer server, List<Integer> order, int batch) {
    var given = server.api().namespace("given").createWithClientVectors(10_000);
    for (int start = 0; start < order.size(); start += batch) {
      given.write(
          order.subList(start, Math.min(order.size(), start + batch)).stream()
              .map(ShardFileTest::document)
              .toArray(String[]::new));
    }
    var embedded = server.api().namespace("embedded");
    var texts = order.stream().filter(i -> i < 12).toList();
    for (int i : texts) {
      embedded.write(
          "{\"id\": \"e%d\", \"text\": \"Chapter %d of the story about the sea.\"}"
              .formatted(i, i));
    }
    var shards = new ArrayList<JsonNode>();
    given.seal().forEach(shards::add);
    embedded.seal().forEach(shards::add);
    return shards.stream().map(shard -> shard.path("shard_id").asString()).toList();
  }

  private static String document(int i) {
    return "{\"id\": \"d%d\", \"title\": \"Title %d\", \"text\": \"word%d common\", \"attributes\": {\"n\": %d, \"kind\": \"%s\"}, \"vector\": %s}"
        .formatted(i, i, i, i, i % 2 == 0 ? "even" : "odd", Vectors8.of(i));
  }

  @Test
  void aSealedFileNeverChangesAndIsReadByPlainSqlite() throws Exception {
    var server = servers.start(folder.resolve("data"));
    var namespace = server.api().namespace("files").createWithClientVectors(10_000);
    namespace.write(
        IntStream.range(0, DOCUMENTS).mapToObj(ShardFileTest::document).toArray(String[]::new));
    var shard = namespace.seal().get(0);
    var file = folder.resolve("data/shards").resolve(shard.path("path").asString());
    var checksum = sha256(file);
    assertThat(shard.path("checksum").asString()).contains(checksum);
    assertThat(shard.path("documents").asInt()).isEqualTo(DOCUMENTS);
    assertThat(shard.path("status").asString()).isEqualTo("active");
    assertThat(shard.path("pragmas").isObject()).isTrue();

    readWithJdbc(file);
    readWithTheCommandLine(file);
    nearestNeighboursAgree(namespace, file);

    namespace.write(document(1).replace("word1 common", "rewritten common"));
    namespace.deleteAll("d2");

    assertThat(keyword(namespace, "rewritten")).containsExactly("d1");
    assertThat(keyword(namespace, "word1")).isEmpty();
    assertThat(keyword(namespace, "word2")).isEmpty();
    namespace.seal();
    assertThat(keyword(namespace, "rewritten")).containsExactly("d1");
    assertThat(keyword(namespace, "word1")).isEmpty();
    assertThat(keyword(namespace, "word2")).isEmpty();
    assertThat(sha256(file)).isEqualTo(checksum);
    server.stop();
    assertThat(sha256(file)).isEqualTo(checksum);
  }

  private static List<String> keyword(NamespaceClient namespace, String word) {
    return namespace.find("{\"q\": \"%s\", \"mode\": \"keyword\"}".formatted(word));
  }

  private static void readWithJdbc(Path file) throws SQLException {
    try (var connection = open(file, false)) {
      assertThat(single(connection, "SELECT count(*) FROM documents")).isEqualTo("120");
      assertThat(single(connection, "SELECT text FROM documents WHERE id = 'd7'"))
          .isEqualTo("word7 common");
      assertThat(
              single(
                  connection,
                  "SELECT json_extract(attributes, '$.kind') FROM documents WHERE id = 'd7'"))
          .isEqualTo("odd");
      assertThat(
              single(connection, "SELECT count(*) FROM attributes WHERE kind = 'odd' AND n < 10"))
          .isEqualTo("5");
      assertThat(single(connection, "SELECT value FROM meta WHERE key = 'dimensions'"))
          .isEqualTo("8");
      assertThat(single(connection, "PRAGMA integrity_check")).isEqualTo("ok");
    }
  }

  private static void readWithTheCommandLine(Path file) throws IOException, InterruptedException {
    var program = program("sqlite3");
    if (program.isEmpty()) {
      System.out.println("No sqlite3 on the PATH: shard files were read by JDBC only.");
      return;
    }
    var process =
        new ProcessBuilder(
                program.getFirst(),
                "-readonly",
                file.toString(),
                "SELECT text FROM documents WHERE id = 'd7'; SELECT n FROM attributes WHERE kind = 'odd' ORDER BY n LIMIT 1; SELECT value FROM meta WHERE key = 'documents';")
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines()).containsExactly("word7 common", "1", "120");
  }

  private static List<String> program(String name) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .toList();
  }

  private static void nearestNeighboursAgree(NamespaceClient namespace, Path file)
      throws SQLException {
    try (var connection = open(file, true)) {
      single(
          connection,
          "SELECT load_extension('%s', '%s')"
              .formatted(SqliteVecLibrary.path(), SqliteVecLibrary.ENTRY_POINT));
      for (int query = 1000; query < 1005; query++) {
        var nearest = new ArrayList<String>();
        try (var statement =
            connection.prepareStatement(
                """
                SELECT d.id FROM passage_vectors v
                  JOIN passages p ON p.ordinal = v.rowid - 1
                  JOIN documents d ON d.ordinal = p.document
                 WHERE v.embedding MATCH ? AND k = 10 ORDER BY v.distance
                """)) {
          statement.setString(1, Vectors8.of(query));
          try (var rows = statement.executeQuery()) {
            while (rows.next()) {
              nearest.add(rows.getString(1));
            }
          }
        }
        assertThat(nearest).hasSize(10);
        assertThat(
                namespace.find(
                    "{\"vector\": %s, \"mode\": \"semantic\", \"exact\": true, \"limit\": 10}"
                        .formatted(Vectors8.of(query))))
            .isEqualTo(nearest);
      }
    }
  }

  private static Connection open(Path file, boolean extensions) throws SQLException {
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    config.enableLoadExtension(extensions);
    return DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties());
  }

  private static String single(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
