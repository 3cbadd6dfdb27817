package io.mosaicdb.coordinator.database;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * A SQLite file of this process alone, behind one platform thread. A file that cannot be read, or
 * is of another version, is set aside under {@code <name>.unreadable-<millis>} and a new one is
 * made: what is in these files is either rebuilt from elsewhere or better lost than in the way of a
 * start. Thread-safe; {@link #close} waits for what was asked before.
 */
public final class LocalDatabase implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalDatabase.class);
  private static final int WAITING = 10_000;
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private final Path file;
  private final FileChannel lockFile;
  private final Connection connection;
  private final ThreadPoolExecutor thread;

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

  private LocalDatabase(Path file, FileChannel lockFile, Connection connection) {
    this.file = file;
    this.lockFile = lockFile;
    this.connection = connection;
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
    var lockFile = lock(file);
    try {
      Connection connection;
      try {
        connection = connect(file, schema, durability);
      } catch (SQLException e) {
        if (!Files.exists(file)) {
          throw e;
        }
        var aside = setAside(file);
        log.warn("database_set_aside file={} as={} reason={}", file, aside, e.getMessage());
        connection = connect(file, schema, durability);
      }
      return new LocalDatabase(file, lockFile, connection);
    } catch (SQLException | IOException e) {
      closeQuietly(lockFile);
      throw new IllegalStateException(
          "%s cannot be opened (%s); make its folder writable".formatted(file, e.getMessage()), e);
    }
  }

  private static FileChannel lock(Path file) {
    var beside = file.resolveSibling(file.getFileName() + ".lock");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      var channel = FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new IllegalStateException(
            file + " is in use by another process; give each coordinator a data folder of its own");
      }
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException(beside + " cannot be locked: " + e.getMessage(), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
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
          var _ = inTransaction(work).run(connection);
        } catch (SQLException | RuntimeException e) {
          log.warn("database_write_failed file={} reason={}", file, e.toString());
        }
      });
      return true;
    } catch (RejectedExecutionException _) {
      return false;
    }
  }

  private <T extends @Nullable Object> void complete(CompletableFuture<T> result, Work<T> work) {
    try {
      result.complete(work.run(connection));
    } catch (SQLException | RuntimeException e) {
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
      closeQuietly(lockFile);
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      log.warn("lock_close_failed reason={}", e.getMessage());
    }
  }
}
