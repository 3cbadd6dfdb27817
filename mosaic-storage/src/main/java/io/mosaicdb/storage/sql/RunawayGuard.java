package io.mosaicdb.storage.sql;

import io.mosaicdb.storage.sql.SqlException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;

/**
 * Stops a statement that takes more than it may: time, memory of the process, room in the temporary
 * folder.
 *
 * <p>SQLite calls the guard every few instructions; a timer interrupts it as well, for the few that
 * take long by themselves. Memory is what the process holds beside the Java heap, as Linux counts
 * it; elsewhere only the bounds on values hold. Both it and the temporary folder are shared with
 * the rest of the process, so the budgets are generous: they catch what grows without end. One
 * guard serves one statement, on one thread.
 */
final class RunawayGuard {
  private static final int INSTRUCTIONS = 1_000;
  private static final long SAMPLE_NANOS = 5_000_000;
  private static final Path MEMORY = Path.of("/proc/self/statm");
  private static final int PAGE_BYTES = 4096;

  private final SqlLimits limits;
  private final long deadline;
  private final ScheduledExecutorService timer;
  private final Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
  private final long mostMemory;
  private final long leastRoom;
  private long nextSample;
  private volatile @Nullable SqlException failure;

  interface Work<T> {
    T run() throws SQLException;
  }

  RunawayGuard(SqlLimits limits, long startNanos, ScheduledExecutorService timer) {
    this.limits = limits;
    this.deadline = startNanos + limits.timeout().toNanos();
    this.timer = timer;
    var runtime = Runtime.getRuntime();
    // The heap may still grow to its bound; that is not the statement's doing.
    this.mostMemory =
        processMemory() + limits.memoryBytes() + runtime.maxMemory() - runtime.totalMemory();
    this.leastRoom = room() - limits.temporaryBytes();
  }

  /** Runs what works on {@code connection}, and stops it where it takes too much. */
  <T> T watching(Connection connection, Work<T> work) throws SQLException {
    requireTime();
    ProgressHandler.setHandler(connection, INSTRUCTIONS, new Handler());
    var interruption = new Interruption(connection);
    try {
      interruption.schedule();
      return work.run();
    } finally {
      interruption.end();
      ProgressHandler.clearHandler(connection);
    }
  }

  /**
   * @throws SqlException if the time is over
   */
  void requireTime() {
    if (System.nanoTime() - deadline >= 0) {
      throw timedOut();
    }
  }

  long remainingNanos() {
    return deadline - System.nanoTime();
  }

  /** Why the statement was interrupted. */
  SqlException failure() {
    var known = failure;
    return known == null ? timedOut() : known;
  }

  private SqlException timedOut() {
    return new SqlException(
        Reason.TIMED_OUT,
        "the statement was not done within %d ms".formatted(limits.timeout().toMillis()));
  }

  private boolean mustStop() {
    long now = System.nanoTime();
    if (now - deadline >= 0) {
      failure = timedOut();
      return true;
    }
    if (now - nextSample < 0) {
      return false;
    }
    nextSample = now + SAMPLE_NANOS;
    if (processMemory() > mostMemory) {
      failure =
          new SqlException(
              Reason.TOO_LARGE,
              "the statement needs more memory than the %d MiB that one may take"
                  .formatted(limits.memoryBytes() >> 20));
      return true;
    }
    if (room() < leastRoom) {
      failure =
          new SqlException(
              Reason.TOO_LARGE,
              "the statement needs more temporary space than the %d MiB that one may take"
                  .formatted(limits.temporaryBytes() >> 20));
      return true;
    }
    return false;
  }

  /** Resident bytes that no file backs; 0 where the system does not tell. */
  private static long processMemory() {
    try {
      if (!Files.exists(MEMORY)) {
        return 0;
      }
      var pages = Files.readString(MEMORY).split(" ");
      return (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * PAGE_BYTES;
    } catch (IOException e) {
      return 0;
    }
  }

  private long room() {
    try {
      return Files.getFileStore(temporary).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  private final class Handler extends ProgressHandler {
    @Override
    protected int progress() {
      return mustStop() ? 1 : 0;
    }
  }

  /** Interrupts the connection when the time is over, but never after the work has ended. */
  private final class Interruption {
    private final Connection connection;
    private boolean ended;
    private @Nullable Future<?> pending;

    Interruption(Connection connection) {
      this.connection = connection;
    }

    void schedule() throws SQLException {
      try {
        pending =
            timer.schedule(this::interrupt, Math.max(1, remainingNanos()), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        throw new SQLException("the worker is stopping", e);
      }
    }

    private synchronized void interrupt() {
      if (ended) {
        return;
      }
      try {
        connection.unwrap(SQLiteConnection.class).getDatabase().interrupt();
      } catch (SQLException e) {
        throw new IllegalStateException("cannot interrupt a statement", e);
      }
    }

    synchronized void end() {
      ended = true;
      if (pending != null) {
        pending.cancel(false);
      }
    }
  }
}
