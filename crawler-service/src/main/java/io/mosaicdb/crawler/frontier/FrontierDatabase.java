package io.mosaicdb.crawler.frontier;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.starter.file.FileClaim;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * The file behind two platform threads: one writes, one reads. A native call would pin the carrier
 * of a virtual thread, so nobody else touches SQLite.
 *
 * <p>The writer takes whatever waits, at most {@value #GROUP} pieces of work, and commits it as one
 * transaction; each piece stands in a savepoint, so that one that fails takes nothing else with it.
 * If one of them was acknowledged to a user the commit is synced to the disk ({@code
 * synchronous=FULL}); else it is written to the log without a sync, which the end of the process
 * cannot take back and only a loss of power can. Thread-safe.
 */
final class FrontierDatabase implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FrontierDatabase.class);
  private static final int GROUP = 256;
  private static final int WAITING = 10_000;
  private static final int APPLICATION_ID = 0x4D435257;
  private static final int VERSION = 2;

  /** What a commit has to survive. */
  enum Durability {
    /** A loss of power: somebody was told that it is done. */
    POWER_LOSS,
    /** The end of the process: what a loss of power takes back is done again, at little cost. */
    PROCESS_END
  }

  /** A piece of work with the connection, inside a transaction. */
  interface Work<T extends @Nullable Object> {
    T run(Sql sql) throws SQLException;
  }

  private static final class Job<T extends @Nullable Object> {
    private final Work<T> work;
    private final Durability durability;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private @Nullable Runnable completion;

    Job(Work<T> work, Durability durability) {
      this.work = work;
      this.durability = durability;
    }

    /** Runs it; what it returns is told only once it is committed. */
    void run(Sql sql) throws SQLException {
      T value = work.run(sql);
      completion = () -> result.complete(value);
    }

    void committed() {
      if (completion != null) {
        completion.run();
      }
    }

    void failed(Exception failure) {
      completion = null;
      result.completeExceptionally(failure);
    }
  }

  private final Path file;
  private final FileClaim claim;
  private final BlockingQueue<Job<?>> writes = new ArrayBlockingQueue<>(WAITING);
  private final BlockingQueue<Job<?>> reads = new ArrayBlockingQueue<>(WAITING);
  private final Thread writer;
  private final Thread reader;
  private volatile boolean closed;

  private FrontierDatabase(Path file, FileClaim claim, Connection write, Connection read) {
    this.file = file;
    this.claim = claim;
    this.writer = Thread.ofPlatform().name("frontier-write").daemon().unstarted(() -> write(write));
    this.reader = Thread.ofPlatform().name("frontier-read").daemon().unstarted(() -> read(read));
  }

  /**
   * Opens the file, or makes it with its folder.
   *
   * @throws IllegalStateException if another process has it, or it can be neither opened nor made
   */
  static FrontierDatabase open(Path file) {
    var claim = FileClaim.of(file, "give each crawler a data folder of its own");
    try {
      var write = connect(file);
      prepare(write);
      var database = new FrontierDatabase(file, claim, write, connect(file));
      database.writer.start();
      database.reader.start();
      return database;
    } catch (SQLException e) {
      closeQuietly(claim);
      throw new IllegalStateException(
          "%s cannot be opened (%s). Restore it, or move it away to begin without crawls"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static Connection connect(Path file) throws SQLException {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setGetGeneratedKeys(false);
    config.setBusyTimeout(5_000);
    config.setCacheSize(-16_384);
    var url = JDBC.PREFIX + "file:" + file.toAbsolutePath().normalize().toUri().getRawPath();
    return JDBC.createConnection(url, config.toProperties());
  }

  private static void prepare(Connection connection) throws SQLException {
    var sql = new Sql(connection);
    long id = sql.findLong("PRAGMA application_id").orElse(0);
    long version = sql.findLong("PRAGMA user_version").orElse(0);
    if (id == APPLICATION_ID && version == VERSION) {
      return;
    }
    if (id == APPLICATION_ID && version == 1) {
      execute(connection, "BEGIN IMMEDIATE");
      migrate(connection);
      execute(connection, "COMMIT");
      return;
    }
    if (id != 0 || version != 0 || sql.findLong("PRAGMA schema_version").orElse(0) != 0) {
      throw new SQLException(
          "it is of kind %d, version %d; this build reads kind %d, version %d"
              .formatted(id, version, APPLICATION_ID, VERSION));
    }
    execute(connection, "BEGIN IMMEDIATE");
    for (var each : FrontierSchema.STATEMENTS) {
      execute(connection, each);
    }
    io.mosaicdb.crawler.duplicate.DuplicateTable.create(connection);
    execute(connection, "PRAGMA application_id = " + APPLICATION_ID);
    migrate(connection);
    execute(connection, "COMMIT");
  }

  /** Makes a file of version 1 one of this version. */
  private static void migrate(Connection connection) throws SQLException {
    for (var each : FrontierSchema.SINCE_VERSION_2) {
      execute(connection, each);
    }
    execute(connection, "PRAGMA user_version = " + VERSION);
  }

  /** Has {@code work} done in a transaction, and waits until that is committed. */
  <T extends @Nullable Object> T write(Durability durability, Work<T> work) {
    return await(writes, new Job<>(work, durability));
  }

  /** Has {@code work} read what is committed. */
  <T extends @Nullable Object> T read(Work<T> work) {
    return await(reads, new Job<>(work, Durability.PROCESS_END));
  }

  /**
   * An interrupt does not take back what was asked: it is noticed by whatever waits next, and the
   * caller knows what became of its work.
   */
  private <T extends @Nullable Object> T await(BlockingQueue<Job<?>> queue, Job<T> job) {
    boolean interrupted = false;
    try {
      // Whoever waits here holds a page in memory, so that a slow disk slows the fetching down.
      boolean queued = false;
      while (true) {
        try {
          if (!queued) {
            queue.put(job);
            queued = true;
            if (closed) {
              job.failed(shuttingDown());
            }
          }
          return job.result.get();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MosaicException known) {
        throw known;
      }
      throw new IllegalStateException(
          file.getFileName() + ": " + String.valueOf(e.getCause()), e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static MosaicException shuttingDown() {
    return new MosaicException(ErrorCode.SERVICE_UNAVAILABLE, "the crawler is shutting down");
  }

  private static void refuse(BlockingQueue<Job<?>> queue) {
    var late = new ArrayList<Job<?>>();
    queue.drainTo(late);
    late.forEach(job -> job.failed(shuttingDown()));
  }

  private void write(Connection connection) {
    var sql = new Sql(connection);
    var group = new ArrayList<Job<?>>();
    var durable = Durability.PROCESS_END;
    while (next(writes, group, GROUP)) {
      try {
        var wanted =
            group.stream().anyMatch(job -> job.durability == Durability.POWER_LOSS)
                ? Durability.POWER_LOSS
                : Durability.PROCESS_END;
        if (wanted != durable) {
          execute(
              connection,
              "PRAGMA synchronous = " + (wanted == Durability.POWER_LOSS ? "FULL" : "NORMAL"));
          durable = wanted;
        }
        commit(sql, group);
        group.forEach(Job::committed);
      } catch (SQLException | RuntimeException e) {
        log.error("frontier_commit_failed file={} reason={}", file, e.toString());
        rollBack(connection);
        group.forEach(job -> job.failed(e));
      }
    }
    closeQuietly(connection);
  }

  private static void commit(Sql sql, List<Job<?>> group) throws SQLException {
    var connection = sql.connection();
    execute(connection, "BEGIN IMMEDIATE");
    for (var job : group) {
      execute(connection, "SAVEPOINT job");
      try {
        job.run(sql);
      } catch (SQLException | RuntimeException e) {
        execute(connection, "ROLLBACK TO job");
        job.failed(e);
      }
      execute(connection, "RELEASE job");
    }
    execute(connection, "COMMIT");
  }

  private void read(Connection connection) {
    var sql = new Sql(connection);
    var one = new ArrayList<Job<?>>();
    while (next(reads, one, 1)) {
      var job = one.getFirst();
      try {
        job.run(sql);
        job.committed();
      } catch (SQLException | RuntimeException e) {
        job.failed(e);
      }
    }
    closeQuietly(connection);
  }

  /** False once it was closed and nothing waits any more. */
  private boolean next(BlockingQueue<Job<?>> queue, List<Job<?>> taken, int most) {
    taken.clear();
    try {
      if (closed && queue.isEmpty()) {
        return false;
      }
      taken.add(queue.take());
    } catch (InterruptedException _) {
      // Closed: what was asked before is still done.
      return queue.drainTo(taken, most) > 0;
    }
    queue.drainTo(taken, most - 1);
    return true;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void rollBack(Connection connection) {
    try {
      execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      log.warn("frontier_rollback_failed file={} reason={}", file, e.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    writer.interrupt();
    reader.interrupt();
    try {
      writer.join();
      reader.join();
      refuse(writes);
      refuse(reads);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      closeQuietly(claim);
    }
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      log.warn("frontier_close_failed reason={}", e.getMessage());
    }
  }
}
