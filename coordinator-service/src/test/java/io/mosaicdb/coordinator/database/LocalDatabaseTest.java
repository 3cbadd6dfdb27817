package io.mosaicdb.coordinator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.coordinator.database.LocalDatabase.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDatabaseTest {
  private static final LocalSchema SCHEMA =
      new LocalSchema(77, 1, List.of("CREATE TABLE words(word TEXT PRIMARY KEY)"));
  @TempDir Path folder;

  private LocalDatabase open(LocalSchema schema) {
    return LocalDatabase.open(folder.resolve("deep/words.db"), schema, Durability.POWER_LOSS);
  }

  private static int insert(Connection connection, String word) throws SQLException {
    try (var insert = connection.prepareStatement("INSERT INTO words VALUES (?)")) {
      insert.setString(1, word);
      return insert.executeUpdate();
    }
  }

  private static List<String> words(LocalDatabase database) {
    return database.call(connection -> {
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery("SELECT coalesce(group_concat(word), '') FROM words")) {
        return rows.next() ? List.of(rows.getString(1)) : List.of();
      }
    });
  }

  @Test
  void keepsWhatWasWrittenOverAClose() {
    try (var database = open(SCHEMA)) {
      var _ = database.transaction(connection -> insert(connection, "one"));
    }

    try (var database = open(SCHEMA)) {
      assertThat(words(database)).containsExactly("one");
    }
  }

  @Test
  void writesAllOfATransactionOrNothing() {
    try (var database = open(SCHEMA)) {
      assertThatThrownBy(() ->
              database.transaction(connection -> {
                var _ = insert(connection, "one");
                return insert(connection, "one");
              }))
          .hasMessageContaining("UNIQUE");

      assertThat(words(database)).containsExactly("");
    }
  }

  @Test
  void doesWhatItWasOfferedBeforeItCloses() {
    try (var database = open(SCHEMA)) {
      for (int i = 0; i < 100; i++) {
        var word = "word" + i;
        assertThat(database.offer(connection -> insert(connection, word))).isTrue();
      }
    }

    try (var database = open(SCHEMA)) {
      assertThat(words(database).getFirst().split(",")).hasSize(100);
    }
  }

  @Test
  void setsAFileAsideThatIsNotItsOwn() throws IOException {
    var file = folder.resolve("deep/words.db");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "this is no database ".repeat(400));

    try (var database = open(SCHEMA)) {
      assertThat(words(database)).containsExactly("");
    }
    try (var files = Files.list(file.getParent())) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .anyMatch(name -> name.startsWith("words.db.unreadable-"));
    }
  }

  @Test
  void saysThatItsFileWasGone() throws IOException {
    try (var database = open(SCHEMA)) {
      assertThat(database.incidents()).isEmpty();
    }
    Files.delete(folder.resolve("deep/words.db"));

    try (var database = open(SCHEMA)) {
      assertThat(database.incidents()).singleElement().asString().contains("was gone");
    }
  }

  /** Flips a bit of every page, one after the other. */
  @Test
  void startsAndSaysSoWhateverPageIsDamaged() throws IOException {
    try (var database = open(SCHEMA)) {
      var _ =
          database.transaction(connection -> {
            for (int i = 0; i < 2_000; i++) {
              var _ = insert(connection, "word" + i);
            }
            return 0;
          });
    }
    var file = folder.resolve("deep/words.db");
    var whole = Files.readAllBytes(file);
    for (int page = 0; page < whole.length / 4096; page++) {
      var damaged = whole.clone();
      for (int i = 0; i < 16; i++) {
        damaged[page * 4096 + i] ^= 0x55;
      }
      Files.write(file, damaged);

      try (var database = open(SCHEMA)) {
        assertThat(words(database)).containsExactly("");
        assertThat(database.incidents())
            .as("page %d", page)
            .singleElement()
            .asString()
            .contains("words.db could not be read");
      }
      Files.delete(file);
    }
  }

  @Test
  void writesAFileAgainThatIsRemovedOrReplacedWhileItIsOpen() throws IOException {
    var file = folder.resolve("deep/words.db");
    try (var database = open(SCHEMA)) {
      var _ = database.transaction(connection -> insert(connection, "one"));
      Files.delete(file);
      var _ = database.transaction(connection -> insert(connection, "two"));
      assertThat(database.incidents()).singleElement().asString().contains("is written again");
      Files.delete(file);
      Files.writeString(file, "something else");
      assertThat(words(database)).containsExactly("one,two");
      Files.delete(file);
    }

    try (var database = open(SCHEMA)) {
      assertThat(words(database)).containsExactly("one,two");
      assertThat(database.incidents()).isEmpty();
    }
  }

  @Test
  void goesOnWithAFileThatIsCutShortWhileItIsOpen() throws IOException {
    var file = folder.resolve("deep/words.db");
    try (var database = open(SCHEMA)) {
      var _ = database.transaction(connection -> insert(connection, "one"));
      try (var channel =
          java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
        channel.truncate(0);
      }
      var _ = words(database);
      var _ = database.transaction(connection -> insert(connection, "two"));

      assertThat(words(database).getFirst()).contains("two");
      assertThat(database.incidents()).isNotEmpty();
    }

    try (var database = open(SCHEMA)) {
      assertThat(words(database).getFirst()).contains("two");
    }
  }

  @Test
  void startsAnewWithAnotherVersion() {
    try (var database = open(SCHEMA)) {
      var _ = database.transaction(connection -> insert(connection, "one"));
    }

    try (var database = open(new LocalSchema(77, 2, SCHEMA.statements()))) {
      assertThat(words(database)).containsExactly("");
    }
  }

  @Test
  void belongsToOneOwnerAtATime() {
    try (var _ = open(SCHEMA)) {
      assertThatThrownBy(() -> open(SCHEMA))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("in use");
    }
    open(SCHEMA).close();
  }

  @Test
  void refusesWorkOnceItIsClosed() {
    var database = open(SCHEMA);
    database.close();

    assertThatThrownBy(() -> database.call(connection -> insert(connection, "late")))
        .isInstanceOf(MosaicException.class)
        .hasMessageContaining("shutting down");
    assertThat(database.offer(connection -> insert(connection, "late"))).isFalse();
  }
}
