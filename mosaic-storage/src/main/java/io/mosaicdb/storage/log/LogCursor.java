package io.mosaicdb.storage.log;

import java.util.List;

/** Reads durable entries in order. Not thread-safe. Reads the disk: not for virtual threads. */
public interface LogCursor extends AutoCloseable {
  /**
   * The next entries, at most {@code maximum} and a few megabytes. Empty at the end of the log for
   * now; a later call sees what was committed since. Damaged entries are left out and reported by
   * {@link #damage()} and the log's status.
   *
   * @throws LogPurgedException if the next entry has been purged since the last call
   */
  List<LogEntry> next(int maximum);

  /** The position after which {@link #next} goes on. */
  long position();

  /** The entries this cursor had to leave out, oldest first. */
  List<LogDamage> damage();

  @Override
  void close();
}
