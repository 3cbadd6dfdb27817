package io.mosaicdb.storage.log;

import io.mosaicdb.storage.sqlite.SqliteConnections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one log file that is being written. Used by the writer thread alone.
 *
 * <p>Everything between two {@link #commit()}s is one transaction and one fsync.
 */
final class LogFile implements AutoCloseable {
  /** "MSLG": tells {@code file(1)} and us what this is. */
  static final int APPLICATION_ID = 0x4d534c47;

  static final int FORMAT_VERSION = 1;

  private static final String[] SCHEMA = {
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    """
    CREATE TABLE entries(
      seq INTEGER PRIMARY KEY,
      epoch INTEGER NOT NULL,
      committed_at INTEGER NOT NULL,
      operation_id TEXT,
      commit_id TEXT NOT NULL,
      checksum INTEGER NOT NULL,
      payload BLOB NOT NULL) STRICT
    """,
    """
    CREATE TABLE operations(
      operation TEXT PRIMARY KEY,
      seq INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      commit_id TEXT NOT NULL,
      committed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID
    """
  };

  private final Path path;
  private final Connection connection;
  private final PreparedStatement insertEntry;
  private final PreparedStatement insertOperation;
  private final PreparedStatement findOperation;
  private final PreparedStatement pageCount;
  private long bytes;
  private final Map<Path, Held> held = new HashMap<>();

  /** A file as it was when it was last looked at. */
  private record Held(@Nullable Object key, long bytes) {}

  private LogFile(Path path, Connection connection) throws SQLException {
    this.path = path;
    this.connection = connection;
    insertEntry = connection.prepareStatement("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)");
    insertOperation =
        connection.prepareStatement("INSERT OR REPLACE INTO operations VALUES (?, ?, ?, ?, ?)");
    findOperation =
        connection.prepareStatement(
            "SELECT seq, epoch, commit_id FROM operations WHERE operation = ?");
    pageCount = connection.prepareStatement("PRAGMA page_count");
  }

  /**
   * Begins a file whose first entry will be {@code firstSeq}. The caller fills in what belongs to
   * the beginning and commits: until then the file does not exist as a log file.
   */
  static LogFile create(Path path, long firstSeq, long epoch) throws SQLException {
    var connection = SqliteConnections.openWriter(path);
    try {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute("PRAGMA application_id = " + APPLICATION_ID);
        statement.execute("PRAGMA user_version = " + FORMAT_VERSION);
        for (var sql : SCHEMA) {
          statement.execute(sql);
        }
      }
      var file = new LogFile(path, connection);
      file.writeMeta("first_seq", firstSeq);
      file.writeMeta("epoch", epoch);
      return file;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  static LogFile open(Path path) throws SQLException {
    var connection = SqliteConnections.openWriter(path);
    try {
      connection.setAutoCommit(false);
      var file = new LogFile(path, connection);
      file.commit();
      return file;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  Path path() {
    return path;
  }

  /** Size of the database, what still stands in the WAL included, at the last commit. */
  long bytes() {
    return bytes;
  }

  void insert(LogEntry entry) throws SQLException {
    long millis = entry.committedAt().toEpochMilli();
    insertEntry.setLong(1, entry.seq());
    insertEntry.setLong(2, entry.epoch());
    insertEntry.setLong(3, millis);
    insertEntry.setString(4, entry.operationId());
    insertEntry.setString(5, entry.commitId());
    insertEntry.setLong(
        6,
        EntryChecksum.of(
            entry.seq(),
            entry.epoch(),
            millis,
            entry.operationId(),
            entry.commitId(),
            entry.payload()));
    insertEntry.setBytes(7, entry.payload());
    insertEntry.executeUpdate();
  }

  void remember(String operation, LogEntry entry) throws SQLException {
    remember(
        operation,
        entry.seq(),
        entry.epoch(),
        entry.commitId(),
        entry.committedAt().toEpochMilli());
  }

  void remember(String operation, long seq, long epoch, String commitId, long committedAt)
      throws SQLException {
    insertOperation.setString(1, operation);
    insertOperation.setLong(2, seq);
    insertOperation.setLong(3, epoch);
    insertOperation.setString(4, commitId);
    insertOperation.setLong(5, committedAt);
    insertOperation.executeUpdate();
  }

  /** The commit that an operation made, or null if it is not known any more. */
  @Nullable Commit recall(String operation) throws SQLException {
    findOperation.setString(1, operation);
    try (var row = findOperation.executeQuery()) {
      if (!row.next()) {
        return null;
      }
      return new Commit(new LogPosition(row.getLong(2), row.getLong(1)), row.getString(3), true);
    }
  }

  /** Takes the newest operations of the previous file along. */
  void carryOperationsFrom(Path previous, int limit, long notBeforeMillis) throws SQLException {
    try (var source = SqliteConnections.openReader(previous);
        var select =
            source.prepareStatement(
                "SELECT operation, seq, epoch, commit_id, committed_at FROM operations"
                    + " WHERE committed_at >= ? ORDER BY seq DESC LIMIT ?")) {
      select.setLong(1, notBeforeMillis);
      select.setInt(2, limit);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          remember(
              rows.getString(1),
              rows.getLong(2),
              rows.getLong(3),
              rows.getString(4),
              rows.getLong(5));
        }
      }
    }
  }

  void writeMeta(String key, long value) throws SQLException {
    try (var insert = connection.prepareStatement("INSERT OR REPLACE INTO meta VALUES (?, ?)")) {
      insert.setString(1, key);
      insert.setLong(2, value);
      insert.executeUpdate();
    }
  }

  /** Makes everything inserted since the last commit durable. */
  void commit() throws SQLException {
    try (var row = pageCount.executeQuery()) {
      row.next();
      bytes = row.getLong(1) * 4096;
    }
    connection.commit();
    requireInPlace();
  }

  /**
   * Whether what is written can be found again: a file that was removed, replaced or cut short is
   * written on by the system as if nothing had happened, and nobody ever reads it.
   *
   * @throws SQLException if it cannot
   */
  void requireInPlace() throws SQLException {
    requireInPlace(path, true);
    requireInPlace(path.resolveSibling(path.getFileName() + "-wal"), held.size() > 1);
  }

  private void requireInPlace(Path file, boolean required) throws SQLException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      if (required) {
        throw new SQLException(file.getFileName() + " was removed while it was written to", e);
      }
      return;
    }
    var before = held.put(file, new Held(attributes.fileKey(), attributes.size()));
    if (before != null
        && (!Objects.equals(before.key(), attributes.fileKey())
            || before.bytes() > attributes.size())) {
      throw new SQLException(
          file.getFileName() + " was replaced or cut short while it was written to");
    }
  }

  void rollback() throws SQLException {
    connection.rollback();
  }

  /** Empties the WAL into the file, so that a closed file is one file. */
  @Override
  public void close() throws SQLException {
    try (connection) {
      connection.setAutoCommit(true);
      try (var statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      }
    }
  }

  /** Closes without touching the disk more than SQLite itself does: for a file that has failed. */
  void abandon() {
    try {
      connection.close();
    } catch (SQLException e) {
      // The failure that led here is the one that gets reported.
    }
  }

  /** Bytes of a log file on disk, WAL included. */
  static long bytesOnDisk(Path path) throws IOException {
    long total = 0;
    for (var suffix : new String[] {"", "-wal"}) {
      var part = path.resolveSibling(path.getFileName() + suffix);
      if (Files.exists(part)) {
        total += Files.size(part);
      }
    }
    return total;
  }

  /**
   * Removes a log file with its WAL; the file first, so that a WAL never outlives a restart alone.
   */
  static void delete(Path path) throws IOException {
    for (var suffix : new String[] {"", "-wal", "-shm"}) {
      Files.deleteIfExists(path.resolveSibling(path.getFileName() + suffix));
    }
  }
}
