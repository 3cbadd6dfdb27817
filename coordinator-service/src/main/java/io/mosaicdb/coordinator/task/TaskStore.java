package io.mosaicdb.coordinator.task;

import io.mosaicdb.coordinator.database.LocalDatabase;
import io.mosaicdb.coordinator.database.LocalDatabase.Durability;
import io.mosaicdb.coordinator.database.LocalSchema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tasks on disk; the package describes the file. Thread-safe. */
final class TaskStore implements AutoCloseable {
  private static final LocalSchema SCHEMA =
      new LocalSchema(
          0x4D544B53,
          1,
          List.of(
              """
              CREATE TABLE tasks(
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                kind TEXT NOT NULL,
                state TEXT NOT NULL,
                starts INTEGER NOT NULL DEFAULT 0,
                done INTEGER NOT NULL DEFAULT 0,
                total INTEGER NOT NULL,
                unit TEXT NOT NULL,
                input BLOB,
                result TEXT,
                error TEXT,
                kept_bytes INTEGER NOT NULL DEFAULT 0,
                created_at INTEGER NOT NULL,
                started_at INTEGER,
                finished_at INTEGER
              ) STRICT
              """,
              "CREATE INDEX tasks_unfinished ON tasks(number) WHERE finished_at IS NULL",
              "CREATE INDEX tasks_finished ON tasks(finished_at DESC, number DESC, kept_bytes) WHERE finished_at IS NOT NULL"));
  private static final String COLUMNS =
      "id, kind, state, done, total, unit, starts, length(input), result, error, created_at, started_at, finished_at";

  private final LocalDatabase database;

  TaskStore(Path file) {
    database = LocalDatabase.open(file, SCHEMA, Durability.POWER_LOSS);
  }

  /** What happened to the file, in words. */
  List<String> incidents() {
    return database.incidents();
  }

  void insert(TaskRow row, byte @Nullable [] input) {
    var _ =
        database.call(connection -> {
          try (var insert =
              connection.prepareStatement(
                  "INSERT INTO tasks(id, kind, state, total, unit, input, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, row.id());
            insert.setString(2, row.kind());
            insert.setString(3, row.state().wireName());
            insert.setLong(4, row.total());
            insert.setString(5, row.unit());
            insert.setBytes(6, input);
            insert.setLong(7, row.createdAt().toEpochMilli());
            return insert.executeUpdate();
          }
        });
  }

  void started(String id, Instant at) {
    var _ =
        database.call(connection -> {
          try (var update =
              connection.prepareStatement(
                  "UPDATE tasks SET state = 'running', starts = starts + 1, started_at = ? WHERE id = ?")) {
            update.setLong(1, at.toEpochMilli());
            update.setString(2, id);
            return update.executeUpdate();
          }
        });
  }

  /** Notes how far a task is; lost if the process dies at once. */
  void progressed(String id, long done, long total) {
    var _ =
        database.offer(connection -> {
          try (var update =
              connection.prepareStatement(
                  "UPDATE tasks SET done = ?, total = ? WHERE id = ? AND finished_at IS NULL")) {
            update.setLong(1, done);
            update.setLong(2, total);
            update.setString(3, id);
            return update.executeUpdate();
          }
        });
  }

  void finished(
      String id,
      TaskState state,
      long done,
      long total,
      @Nullable String result,
      @Nullable String error,
      Instant at) {
    long bytes = bytes(result) + bytes(error);
    var _ =
        database.call(connection -> {
          try (var update =
              connection.prepareStatement(
                  "UPDATE tasks SET state = ?, done = ?, total = ?, result = ?, error = ?, kept_bytes = ?, finished_at = ?, input = NULL WHERE id = ?")) {
            update.setString(1, state.wireName());
            update.setLong(2, done);
            update.setLong(3, total);
            update.setString(4, result);
            update.setString(5, error);
            update.setLong(6, bytes);
            update.setLong(7, at.toEpochMilli());
            update.setString(8, id);
            return update.executeUpdate();
          }
        });
  }

  Optional<byte[]> findInput(String id) {
    return database.call(connection -> {
      try (var query = connection.prepareStatement("SELECT input FROM tasks WHERE id = ?")) {
        query.setString(1, id);
        try (var rows = query.executeQuery()) {
          return rows.next() ? Optional.ofNullable(rows.getBytes(1)) : Optional.empty();
        }
      }
    });
  }

  Optional<TaskRow> find(String id) {
    return database.call(connection -> {
      try (var query =
          connection.prepareStatement("SELECT " + COLUMNS + " FROM tasks WHERE id = ?")) {
        query.setString(1, id);
        return rows(query).stream().findFirst();
      }
    });
  }

  /** The newest first. */
  List<TaskRow> list(@Nullable TaskState state, @Nullable String kind, int limit) {
    return database.call(connection -> {
      try (var query =
          connection.prepareStatement(
              "SELECT "
                  + COLUMNS
                  + " FROM tasks WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR kind = ?2) ORDER BY number DESC LIMIT ?3")) {
        query.setString(1, state == null ? null : state.wireName());
        query.setString(2, kind);
        query.setInt(3, limit);
        return rows(query);
      }
    });
  }

  /** In order of creation. */
  List<TaskRow> unfinished() {
    return database.call(connection -> {
      try (var query =
          connection.prepareStatement(
              "SELECT " + COLUMNS + " FROM tasks WHERE finished_at IS NULL ORDER BY number")) {
        return rows(query);
      }
    });
  }

  /** Forgets the oldest finished tasks, except the newest of all. */
  void retain(int most, long mostBytes, Duration longest, Instant now) {
    var _ =
        database.offer(connection -> {
          try (var delete =
              connection.prepareStatement(
                  """
                  DELETE FROM tasks WHERE number IN (
                    SELECT number FROM (
                      SELECT number, finished_at,
                             row_number() OVER newest AS place,
                             sum(kept_bytes) OVER newest AS bytes
                      FROM tasks WHERE finished_at IS NOT NULL
                      WINDOW newest AS (ORDER BY finished_at DESC, number DESC))
                    WHERE place > 1 AND (place > ? OR bytes > ? OR finished_at < ?))
                  """)) {
            delete.setInt(1, most);
            delete.setLong(2, mostBytes);
            delete.setLong(3, now.minus(longest).toEpochMilli());
            return delete.executeUpdate();
          }
        });
  }

  private static List<TaskRow> rows(PreparedStatement query) throws SQLException {
    var found = new ArrayList<TaskRow>();
    try (var rows = query.executeQuery()) {
      while (rows.next()) {
        found.add(
            new TaskRow(
                rows.getString(1),
                rows.getString(2),
                state(rows.getString(3)),
                rows.getLong(4),
                rows.getLong(5),
                rows.getString(6),
                rows.getInt(7),
                integer(rows, 8),
                rows.getString(9),
                rows.getString(10),
                Instant.ofEpochMilli(rows.getLong(11)),
                instant(rows, 12),
                instant(rows, 13)));
      }
    }
    return found;
  }

  private static TaskState state(String name) throws SQLException {
    for (var state : TaskState.values()) {
      if (state.wireName().equals(name)) {
        return state;
      }
    }
    throw new SQLException("a task has the unknown state '" + name + "'");
  }

  private static @Nullable Integer integer(ResultSet rows, int column) throws SQLException {
    int value = rows.getInt(column);
    return rows.wasNull() ? null : value;
  }

  private static @Nullable Instant instant(ResultSet rows, int column) throws SQLException {
    long millis = rows.getLong(column);
    return rows.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  private static long bytes(@Nullable String text) {
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public void close() {
    database.close();
  }
}
