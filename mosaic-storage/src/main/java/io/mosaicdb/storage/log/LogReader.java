package io.mosaicdb.storage.log;

import io.mosaicdb.storage.sqlite.SqliteConnections;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Reads one log file and believes nothing: a wrong checksum, a missing number or an unreadable page
 * is skipped, reported, and reading goes on behind it.
 */
final class LogReader implements AutoCloseable {
  /** A batch ends when its payloads exceed this, so that a reader's memory is bounded. */
  private static final long BATCH_BYTES = 8_000_000;

  private static final String COLUMNS =
      "SELECT seq, epoch, committed_at, operation_id, commit_id, checksum, payload FROM entries ";

  private final Connection connection;
  private final List<DamageList> damage;
  private @Nullable PreparedStatement range;
  private boolean structureDamaged;

  private LogReader(Connection connection, List<DamageList> damage) {
    this.connection = connection;
    this.damage = damage;
  }

  static LogReader open(Path file, DamageList... damage) throws SQLException {
    return new LogReader(SqliteConnections.openReader(file), List.of(damage));
  }

  /** Also reads a file that is shorter than its header says, as far as it goes. */
  static LogReader openDamaged(Path file, DamageList damage) throws SQLException {
    return new LogReader(SqliteConnections.openDamaged(file), List.of(damage));
  }

  /**
   * Entries read, and how far reading came.
   *
   * @param lastSeq everything up to here has been returned or reported
   */
  record Batch(List<LogEntry> entries, long lastSeq) {}

  /** Whether SQLite met a damaged page or schema. */
  boolean structureDamaged() {
    return structureDamaged;
  }

  /**
   * Whether SQLite failed because the file is damaged, as opposed to the disk or the machine. Our
   * statements are fixed, so one that does not compile (SQLITE_ERROR) met a damaged schema, and a
   * file that cannot be written (SQLITE_READONLY) a damaged header.
   */
  static boolean isDamage(SQLException failure) {
    if (!(failure instanceof SQLiteException sqlite)) {
      return false;
    }
    var code = sqlite.getResultCode();
    if (code == SQLiteErrorCode.SQLITE_IOERR_SHORT_READ) {
      return true;
    }
    int family = code.code & 0xff;
    return family == SQLiteErrorCode.SQLITE_CORRUPT.code
        || family == SQLiteErrorCode.SQLITE_NOTADB.code
        || family == SQLiteErrorCode.SQLITE_ERROR.code
        || family == SQLiteErrorCode.SQLITE_READONLY.code
        || family == SQLiteErrorCode.SQLITE_TOOBIG.code
        || family == SQLiteErrorCode.SQLITE_MISMATCH.code;
  }

  /** Whether the file has the tables of a log; a file whose creation was cut short has none. */
  boolean hasSchema() throws SQLException {
    return number("SELECT count(*) FROM sqlite_master WHERE name = 'entries'") > 0;
  }

  long formatVersion() throws SQLException {
    return number("PRAGMA user_version");
  }

  long firstSeq() throws SQLException {
    return number("SELECT value FROM meta WHERE key = 'first_seq'");
  }

  long epoch() throws SQLException {
    return number("SELECT value FROM meta WHERE key = 'epoch'");
  }

  /** The newest number given out by the end of this file; one less than the first if none was. */
  long lastSeq() throws SQLException {
    return number(
        """
        SELECT max(
          (SELECT coalesce(max(seq), 0) FROM entries),
          (SELECT value - 1 FROM meta WHERE key = 'first_seq'),
          (SELECT coalesce(max(value), 0) FROM meta WHERE key = 'last_seq'))
        """);
  }

  /** The smallest and the largest number in the table, as far as its index can be read. */
  long smallestSeq() throws SQLException {
    return number("SELECT min(seq) FROM entries");
  }

  long largestSeq() throws SQLException {
    return number("SELECT max(seq) FROM entries");
  }

  int applicationId() throws SQLException {
    return (int) number("PRAGMA application_id");
  }

  /** Hands every operation that can be read to the target. */
  void copyOperations(OperationSink target) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT operation, seq, epoch, commit_id, committed_at FROM operations")) {
      while (rows.next()) {
        target.accept(
            rows.getString(1),
            rows.getLong(2),
            rows.getLong(3),
            rows.getString(4),
            rows.getLong(5));
      }
    } catch (SQLException e) {
      if (!isDamage(e)) {
        throw e;
      }
    }
  }

  /** Takes the rows of an operations table. */
  interface OperationSink {
    void accept(String operation, long seq, long epoch, String commitId, long committedAt)
        throws SQLException;
  }

  /** SQLite's own check of the whole file. */
  boolean quickCheck() throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("PRAGMA quick_check(1)")) {
      return rows.next() && "ok".equals(rows.getString(1));
    }
  }

  /** The entries in {@code (after, upto]}, at most {@code maximum} of them. */
  Batch read(long after, long upto, int maximum) throws SQLException {
    try {
      return readRange(after, upto, maximum);
    } catch (SQLException e) {
      if (!isDamage(e)) {
        throw e;
      }
      structureDamaged = true;
      range = null;
      return readOneByOne(after, Math.min(upto, after + maximum));
    }
  }

  /** The entry with exactly this number, or null if it is damaged or missing, which is reported. */
  @Nullable LogEntry find(long seq, boolean report) throws SQLException {
    try {
      // A statement that has met damage is not usable again, so each look-up has its own.
      try (var point = connection.prepareStatement(COLUMNS + "WHERE seq = ?")) {
        point.setLong(1, seq);
        try (var row = point.executeQuery()) {
          if (row.next()) {
            return entry(row);
          }
        }
      }
      if (report) {
        report(seq, seq, "missing");
      }
    } catch (SQLException e) {
      if (!isDamage(e)) {
        throw e;
      }
      structureDamaged = true;
      if (report) {
        report(seq, seq, "unreadable page");
      }
    }
    return null;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private Batch readRange(long after, long upto, int maximum) throws SQLException {
    if (range == null) {
      range =
          connection.prepareStatement(COLUMNS + "WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?");
    }
    range.setLong(1, after);
    range.setLong(2, upto);
    range.setInt(3, maximum);
    var entries = new ArrayList<LogEntry>();
    long last = after;
    long bytes = 0;
    int rowsSeen = 0;
    try (var rows = range.executeQuery()) {
      while (bytes < BATCH_BYTES && rows.next()) {
        rowsSeen++;
        long seq = rows.getLong(1);
        if (seq > last + 1) {
          report(last + 1, seq - 1, "missing");
        }
        last = seq;
        var entry = entry(rows);
        if (entry != null) {
          entries.add(entry);
          bytes += entry.payload().length;
        }
      }
    }
    if (rowsSeen < maximum && bytes < BATCH_BYTES && last < upto) {
      report(last + 1, upto, "missing");
      last = upto;
    }
    return new Batch(entries, last);
  }

  private Batch readOneByOne(long after, long upto) throws SQLException {
    var entries = new ArrayList<LogEntry>();
    for (long seq = after + 1; seq <= upto; seq++) {
      var entry = find(seq, true);
      if (entry != null) {
        entries.add(entry);
      }
    }
    return new Batch(entries, upto);
  }

  private @Nullable LogEntry entry(ResultSet row) throws SQLException {
    long seq = row.getLong(1);
    long epoch = row.getLong(2);
    long millis = row.getLong(3);
    var operationId = row.getString(4);
    var commitId = row.getString(5);
    var payload = row.getBytes(7);
    if (commitId == null
        || payload == null
        || row.getLong(6) != EntryChecksum.of(seq, epoch, millis, operationId, commitId, payload)) {
      report(seq, seq, "checksum mismatch");
      return null;
    }
    return new LogEntry(seq, epoch, Instant.ofEpochMilli(millis), operationId, commitId, payload);
  }

  private void report(long firstSeq, long lastSeq, String reason) {
    damage.forEach(list -> list.add(firstSeq, lastSeq, reason));
  }

  private long number(String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      if (!row.next()) {
        throw new SQLiteException("no value for: " + sql, SQLiteErrorCode.SQLITE_CORRUPT);
      }
      return row.getLong(1);
    }
  }
}
