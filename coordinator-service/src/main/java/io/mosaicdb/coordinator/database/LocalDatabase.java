package io.mosaicdb.coordinator.database;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.starter.file.FileClaim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A SQLite file of this process alone, behind one platform thread. A file that cannot be read, or
 * is of another version, is set aside under {@code <name>.unreadable-<millis>} and a new one is
 * made: what is in these files is either rebuilt from elsewhere or better lost than in the way of a
 * start. A file that is removed or replaced while it is open is written again from what is open.
 * {@link #incidents} says what happened. Thread-safe; {@link #close} waits for what was asked
 * before.
 */
public final class LocalDatabase implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalDatabase.class);
  private static final int WAITING = 10_000;
  private static final int INCIDENTS_KEPT = 10;
  private static final long CHECKED_BYTES = 64L << 20;
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private final Path file;
  private final FileClaim claim;
  private final LocalSchema schema;
  private final Durability durability;
  private final ThreadPoolExecutor thread;
  private final Deque<String> incidents;

  /** Used by the thread alone, as what follows. */
  private Connection connection;

  private @Nullable Object key;
  private long bytes;

  /** What a file is worth to the one who writes it. */
  public enum Durability {
    /** A commit survives a loss of power. */
    POWER_LOSS,
    /** A commit survives the end of the process; the file can be made anew. */
    PROCESS_END
  }

  /** A piece of work with the connection, which is in autocommit mode. */
  public interface Work<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
  }

  private LocalDatabase(
      Path file,
      LocalSchema schema,
      Durability durability,
      FileClaim claim,
      Connection connection,
      Deque<String> incidents) {
    this.file = file;
    this.schema = schema;
    this.durability = durability;
    this.claim = claim;
    this.connection = connection;
    this.incidents = incidents;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("db-" + file.getFileName()).daemon().factory());
  }

  /**
   * Opens the file, or makes it with its folder.
   *
   * @throws IllegalStateException if another process has it, or it can be neither opened nor made
   */
  public static LocalDatabase open(Path file, LocalSchema schema, Durability durability) {
    // Whoever removes a database leaves what stands beside it.
    boolean known = Files.exists(FileClaim.lockFile(file));
    var incidents = new ConcurrentLinkedDeque<String>();
    var claim = FileClaim.of(file, "give each coordinator a data folder of its own");
    if (known && !Files.exists(file)) {
      incidents.add(file.getFileName() + " was gone, and is begun anew without what it held");
    }
    try {
      Connection connection;
      try {
        connection = connect(file, schema, durability);
      } catch (SQLException e) {
        if (!Files.exists(file)) {
          throw e;
        }
        incidents.add(beginAnew(file, e));
        connection = connect(file, schema, durability);
      }
      var opened = new LocalDatabase(file, schema, durability, claim, connection, incidents);
      opened.remember();
      return opened;
    } catch (SQLException | IOException e) {
      closeQuietly(claim);
      throw new IllegalStateException(
          "%s cannot be opened (%s); make its folder writable".formatted(file, e.getMessage()), e);
    }
  }

  private static String beginAnew(Path file, SQLException reason) throws IOException {
    var aside = setAside(file);
    log.warn("database_set_aside file={} as={} reason={}", file, aside, reason.getMessage());
    return "%s could not be read (%s): it is set aside as %s, and begun anew without what it held"
        .formatted(file.getFileName(), reason.getMessage(), aside.getFileName());
  }

  /** What happened to the file, in words; empty while nothing has. */
  public List<String> incidents() {
    return List.copyOf(incidents);
  }

  private void note(String incident) {
    incidents.addLast(incident);
    while (incidents.size() > INCIDENTS_KEPT) {
      incidents.pollFirst();
    }
  }

  private void remember() throws IOException {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    key = attributes.fileKey();
    bytes = attributes.size();
  }

  /**
   * Before anything is done with the file: what is written to one that was removed or cut short
   * would be found by nobody.
   */
  private void requireInPlace() throws SQLException {
    try {
      var before = key;
      long least = bytes;
      try {
        remember();
        if (Objects.equals(before, key) && bytes >= least) {
          return;
        }
      } catch (NoSuchFileException e) {
        // As one that was replaced.
      }
      writeAgain();
      remember();
    } catch (IOException e) {
      throw new SQLException(file + " is not in its place: " + e.getMessage(), e);
    }
  }

  private void writeAgain() throws SQLException, IOException {
    var draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    try {
      try (var copy = connection.prepareStatement("VACUUM INTO ?")) {
        copy.setString(1, draft.toString());
        copy.execute();
      }
      setAsideIfThere();
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      note(file.getFileName() + " was removed or replaced, and is written again");
      log.warn("database_written_again file={}", file);
    } catch (SQLException e) {
      setAsideIfThere();
      note(beginAnewText(e));
    }
    connection.close();
    // What stands in them is of the file that is gone.
    Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-wal"));
    Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-shm"));
    try {
      connection = connect(file, schema, durability);
    } catch (SQLException e) {
      note(beginAnew(file, e));
      connection = connect(file, schema, durability);
    }
  }

  private void setAsideIfThere() throws IOException {
    if (Files.exists(file)) {
      setAside(file);
    }
  }

  private String beginAnewText(SQLException e) {
    log.warn("database_begun_anew file={} reason={}", file, e.getMessage());
    return "%s was damaged while it was open (%s), and is begun anew without what it held"
        .formatted(file.getFileName(), e.getMessage());
  }

  /** After a failure: a damaged file is begun anew, so that what comes next is not lost too. */
  private void mend(SQLException failure) {
    if (!isDamage(failure)) {
      return;
    }
    try {
      connection.close();
      setAsideIfThere();
      connection = connect(file, schema, durability);
      remember();
      note(beginAnewText(failure));
    } catch (SQLException | IOException e) {
      log.error("database_not_mended file={} reason={}", file, e.getMessage());
    }
  }

  private static boolean isDamage(SQLException failure) {
    return failure instanceof SQLiteException sqlite
        && switch (SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)) {
          case SQLITE_CORRUPT, SQLITE_NOTADB -> true;
          default -> sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHORT_READ;
        };
  }

  private static Connection connect(Path file, LocalSchema schema, Durability durability)
      throws SQLException {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(
        durability == Durability.POWER_LOSS
            ? SQLiteConfig.SynchronousMode.FULL
            : SQLiteConfig.SynchronousMode.NORMAL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setGetGeneratedKeys(false);
    config.setBusyTimeout(5_000);
    var url = JDBC.PREFIX + "file:" + file.toAbsolutePath().normalize().toUri().getRawPath();
    var connection = JDBC.createConnection(url, config.toProperties());
    try {
      prepare(connection, schema);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static void prepare(Connection connection, LocalSchema schema) throws SQLException {
    int id = (int) pragma(connection, "application_id");
    int version = (int) pragma(connection, "user_version");
    if (id == schema.applicationId() && version == schema.version()) {
      requireSound(connection);
      requireComplete(connection, schema);
      return;
    }
    if (id != 0 || version != 0 || pragma(connection, "schema_version") != 0) {
      throw new SQLException(
          "it is of kind %d, version %d; this build reads kind %d, version %d"
              .formatted(id, version, schema.applicationId(), schema.version()));
    }
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      for (var sql : schema.statements()) {
        statement.execute(sql);
      }
      statement.execute("PRAGMA application_id = " + schema.applicationId());
      statement.execute("PRAGMA user_version = " + schema.version());
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Reads the whole file, unless it is so large that the start would wait. */
  private static void requireSound(Connection connection) throws SQLException {
    if (pragma(connection, "page_count") * pragma(connection, "page_size") > CHECKED_BYTES) {
      return;
    }
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("PRAGMA quick_check(1)")) {
      var answer = rows.next() ? rows.getString(1) : "no answer";
      if (!"ok".equals(answer)) {
        throw new SQLException("it is damaged: " + answer);
      }
    }
  }

  /** A copy of a file that was emptied has the header of one and nothing in it. */
  private static void requireComplete(Connection connection, LocalSchema schema)
      throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL")) {
      int parts = rows.next() ? rows.getInt(1) : 0;
      if (parts < schema.statements().size()) {
        throw new SQLException(
            "it has %d tables and indexes of %d".formatted(parts, schema.statements().size()));
      }
    }
  }

  private static long pragma(Connection connection, String name) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("PRAGMA " + name)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  private static Path setAside(Path file) throws IOException {
    var aside =
        file.resolveSibling(file.getFileName() + ".unreadable-" + System.currentTimeMillis());
    Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
    for (var suffix : List.of("-wal", "-shm")) {
      var part = file.resolveSibling(file.getFileName() + suffix);
      if (Files.exists(part)) {
        Files.move(part, aside.resolveSibling(aside.getFileName() + suffix));
      }
    }
    return aside;
  }

  public Path file() {
    return file;
  }

  /**
   * Runs {@code work} and waits for it.
   *
   * @throws MosaicException {@code overloaded} if thousands wait already; {@code
   *     service_unavailable} if it was closed
   * @throws IllegalStateException if SQLite refuses
   */
  public <T extends @Nullable Object> T call(Work<T> work) {
    var result = new CompletableFuture<T>();
    try {
      thread.execute(() -> complete(result, work));
      return result.get();
    } catch (RejectedExecutionException e) {
      throw refused(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MosaicException(
          ErrorCode.SERVICE_UNAVAILABLE, "the coordinator is shutting down", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          file.getFileName() + ": " + String.valueOf(e.getCause()), e.getCause());
    }
  }

  /** {@link #call} in one transaction. */
  public <T extends @Nullable Object> T transaction(Work<T> work) {
    return call(inTransaction(work));
  }

  /**
   * Has {@code work} done in one transaction some time; false if the queue is full or the database
   * closed. What goes wrong later is logged.
   */
  public boolean offer(Work<?> work) {
    try {
      thread.execute(() -> {
        try {
          requireInPlace();
          var _ = inTransaction(work).run(connection);
        } catch (SQLException | RuntimeException e) {
          log.warn("database_write_failed file={} reason={}", file, e.toString());
          if (e instanceof SQLException sql) {
            mend(sql);
          }
        }
      });
      return true;
    } catch (RejectedExecutionException _) {
      return false;
    }
  }

  private <T extends @Nullable Object> void complete(CompletableFuture<T> result, Work<T> work) {
    try {
      requireInPlace();
      result.complete(work.run(connection));
    } catch (SQLException e) {
      mend(e);
      result.completeExceptionally(e);
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  private static <T extends @Nullable Object> Work<T> inTransaction(Work<T> work) {
    return connection -> {
      connection.setAutoCommit(false);
      try {
        var result = work.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    };
  }

  private MosaicException refused(RejectedExecutionException cause) {
    return thread.isShutdown()
        ? new MosaicException(
            ErrorCode.SERVICE_UNAVAILABLE, "the coordinator is shutting down", cause)
        : new MosaicException(
            ErrorCode.OVERLOADED,
            WAITING + " requests wait for " + file.getFileName() + " already",
            List.of(),
            Duration.ofSeconds(1),
            cause);
  }

  @Override
  public void close() {
    try {
      // One that was removed since the last work is written again before it is left.
      thread.execute(() -> {
        try {
          requireInPlace();
        } catch (SQLException e) {
          log.warn("database_close_failed file={} reason={}", file, e.getMessage());
        }
      });
    } catch (RejectedExecutionException _) {
      // Closed before, or so busy that the work to come looks itself.
    }
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LAST_WORDS.toSeconds(), TimeUnit.SECONDS)) {
        log.warn("database_close_late file={} waiting={}", file, thread.getQueue().size());
      }
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      log.warn("database_close_failed file={} reason={}", file, e.getMessage());
    } finally {
      closeQuietly(claim);
    }
  }

  private static void closeQuietly(FileClaim claim) {
    try {
      claim.close();
    } catch (IOException e) {
      log.warn("lock_close_failed reason={}", e.getMessage());
    }
  }
}
