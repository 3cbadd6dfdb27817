package io.mosaicdb.storage.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A few read-only connections to one sealed SQLite file.
 *
 * <p>Connections are opened on demand up to the maximum, the most recently used is handed out
 * first, and those that stay unused for the idle time are closed: a shard nobody searches holds
 * none. The cleaner runs only while there is something to clean, so thousands of quiet pools share
 * one scheduler at no cost.
 *
 * <p>Thread-safe. Closing the pool closes idle connections at once and leased ones when they come
 * back; the file may be unlinked meanwhile.
 */
public final class ReadOnlyPool implements AutoCloseable {
  private static final int STATEMENTS_PER_CONNECTION = 32;

  private final Path file;
  private final ReadOnlySettings settings;
  private final ScheduledExecutorService cleaner;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition returned = lock.newCondition();
  private final Deque<Pooled> idle = new ArrayDeque<>();
  private int active;
  private int waiting;
  private boolean cleaning;
  private boolean closed;
  private Runnable whenUnused = () -> {};

  /** Opens no connection yet. {@code cleaner} is shared by all pools and owned by the caller. */
  public ReadOnlyPool(Path file, ReadOnlySettings settings, ScheduledExecutorService cleaner) {
    this.file = file;
    this.settings = settings;
    this.cleaner = cleaner;
  }

  /**
   * A connection for the caller alone, until the lease is closed.
   *
   * @throws PoolTimeoutException if none became free within the checkout timeout
   * @throws SQLException if the file cannot be opened, the pool is closed or the thread interrupted
   */
  public Lease checkout() throws SQLException {
    long remaining = settings.checkoutTimeout().toNanos();
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new SQLTransientConnectionException("the pool of " + file + " is closed");
        }
        var free = idle.pollFirst();
        if (free != null) {
          active++;
          return new Lease(free);
        }
        if (active < settings.maximumConnections()) {
          active++;
          break;
        }
        if (remaining <= 0) {
          throw new PoolTimeoutException(file, settings.checkoutTimeout(), stateLocked());
        }
        waiting++;
        try {
          remaining = returned.awaitNanos(remaining);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new SQLTransientConnectionException("interrupted while waiting for " + file, e);
        } finally {
          waiting--;
        }
      }
    } finally {
      lock.unlock();
    }
    return new Lease(openCounted());
  }

  /** The settings in force on this file's connections, as SQLite reports them. */
  public Map<String, String> pragmas() throws SQLException {
    try (var lease = checkout()) {
      return SqliteConnections.pragmas(lease.connection());
    }
  }

  public PoolState state() {
    lock.lock();
    try {
      return stateLocked();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    close(() -> {});
  }

  /**
   * As {@link #close()}.
   *
   * @param afterwards run once, when no connection is leased any more: by this call, or by the one
   *     that gives the last lease back
   */
  public void close(Runnable afterwards) {
    var leaving = new ArrayList<Pooled>();
    boolean unused;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      leaving.addAll(idle);
      idle.clear();
      unused = active == 0;
      if (!unused) {
        whenUnused = afterwards;
      }
      returned.signalAll();
    } finally {
      lock.unlock();
    }
    leaving.forEach(Pooled::close);
    if (unused) {
      afterwards.run();
    }
  }

  /** Counts a connection as given back; what is to be done now that none is leased, if anything. */
  private Runnable giveBack() {
    active--;
    if (active > 0) {
      return () -> {};
    }
    var next = whenUnused;
    whenUnused = () -> {};
    return next;
  }

  /** Opens outside the lock: the slot is already counted as active and is given back on failure. */
  private Pooled openCounted() throws SQLException {
    Pooled opened = null;
    try {
      opened = new Pooled(SqliteConnections.openImmutable(file, settings));
      return opened;
    } finally {
      if (opened == null) {
        Runnable next;
        lock.lock();
        try {
          next = giveBack();
          returned.signal();
        } finally {
          lock.unlock();
        }
        next.run();
      }
    }
  }

  private void checkin(Pooled connection) {
    boolean keep;
    Runnable next;
    lock.lock();
    try {
      next = giveBack();
      keep = !closed;
      if (keep) {
        connection.freeSince = System.nanoTime();
        idle.addFirst(connection);
        returned.signal();
        scheduleCleaning(settings.idleTime().toNanos());
      }
    } finally {
      lock.unlock();
    }
    if (!keep) {
      connection.close();
    }
    next.run();
  }

  private void scheduleCleaning(long delayNanos) {
    if (cleaning) {
      return;
    }
    try {
      var _ = cleaner.schedule(this::closeIdle, delayNanos, TimeUnit.NANOSECONDS);
      cleaning = true;
    } catch (RejectedExecutionException e) {
      // The process is shutting down; close() takes care of what is open.
      cleaning = false;
    }
  }

  private void closeIdle() {
    List<Pooled> leaving = new ArrayList<>();
    lock.lock();
    try {
      cleaning = false;
      long now = System.nanoTime();
      long limit = settings.idleTime().toNanos();
      while (!idle.isEmpty() && now - idle.getLast().freeSince >= limit) {
        leaving.add(idle.removeLast());
      }
      if (!idle.isEmpty()) {
        scheduleCleaning(Math.max(1, limit - (now - idle.getLast().freeSince)));
      }
    } finally {
      lock.unlock();
    }
    leaving.forEach(Pooled::close);
  }

  private PoolState stateLocked() {
    return new PoolState(active, idle.size(), waiting, settings.maximumConnections());
  }

  /** A connection on loan. Not thread-safe. Closing it twice is harmless. */
  public final class Lease implements AutoCloseable {
    private final Pooled pooled;
    private boolean returnedOnce;

    private Lease(Pooled pooled) {
      this.pooled = pooled;
    }

    /** The connection; never close it, close the lease. */
    public Connection connection() {
      return pooled.connection;
    }

    /**
     * A prepared statement that stays with the connection, its old parameters cleared. Close its
     * results before the lease; do not close the statement. One caller uses one SQL text at a time.
     */
    public PreparedStatement statement(String sql) throws SQLException {
      return pooled.statement(sql);
    }

    @Override
    public void close() {
      if (!returnedOnce) {
        returnedOnce = true;
        checkin(pooled);
      }
    }
  }

  private static final class Pooled {
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(16, 0.75f, true);
    private long freeSince;

    Pooled(Connection connection) {
      this.connection = connection;
    }

    PreparedStatement statement(String sql) throws SQLException {
      var known = statements.get(sql);
      if (known != null) {
        known.clearParameters();
        return known;
      }
      var prepared = connection.prepareStatement(sql);
      statements.put(sql, prepared);
      if (statements.size() > STATEMENTS_PER_CONNECTION) {
        var eldest = statements.entrySet().iterator();
        eldest.next().getValue().close();
        eldest.remove();
      }
      return prepared;
    }

    void close() {
      try {
        connection.close();
      } catch (SQLException e) {
        throw new IllegalStateException("cannot close a read-only connection", e);
      }
    }
  }
}
