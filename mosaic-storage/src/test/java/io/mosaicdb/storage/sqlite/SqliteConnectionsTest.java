package io.mosaicdb.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteConnectionsTest {
  @TempDir Path folder;

  @Test
  void opensAWriterThatSurvivesPowerLoss() throws SQLException {
    try (var connection = SqliteConnections.openWriter(folder.resolve("w.db"))) {
      assertThat(SqliteConnections.pragmas(connection))
          .containsEntry("journal_mode", "wal")
          .containsEntry("synchronous", "2")
          .containsEntry("page_size", "4096");
    }
  }

  @Test
  void opensFilesOfAnyName() throws SQLException {
    for (var name : new String[] {"plain.db", "with space.db", "a?b=c#d%20.db", "ü.db"}) {
      var file = folder.resolve(name);
      try (var connection = SqliteConnections.openWriter(file);
          var statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t(x)");
      }
      assertThat(file).exists();
    }
  }

  @Test
  void readsWithoutWriting() throws SQLException {
    var file = folder.resolve("r.db");
    assertThatThrownBy(() -> SqliteConnections.openReader(file)).isInstanceOf(SQLException.class);
    assertThat(file).doesNotExist();
    try (var writer = SqliteConnections.openWriter(file);
        var statement = writer.createStatement()) {
      statement.execute("CREATE TABLE t(x)");
      try (var reader = SqliteConnections.openReader(file);
          var query = reader.createStatement()) {
        assertThat(query.executeQuery("SELECT count(*) FROM t").next()).isTrue();
        assertThatThrownBy(() -> query.execute("INSERT INTO t VALUES (1)"))
            .hasMessageContaining("SQLITE_READONLY");
      }
    }
  }

  @Test
  void buildsAShardWithSqliteVecAndShutsTheDoorBehindIt() throws Exception {
    var file = folder.resolve("s.db");
    try (var connection = SqliteConnections.openShardBuilder(file);
        var statement = connection.createStatement()) {
      statement.execute("CREATE VIRTUAL TABLE v USING vec0(embedding float[4])");
      statement.execute("INSERT INTO v(rowid, embedding) VALUES (1, '[1,2,3,4]')");
      assertThatThrownBy(() -> statement.execute("SELECT load_extension('anything')"))
          .hasMessageContaining("not authorized");
    }
    assertThat(Files.exists(folder.resolve("s.db-journal"))).isFalse();
    assertThat(Files.exists(folder.resolve("s.db-wal"))).isFalse();
  }
}
