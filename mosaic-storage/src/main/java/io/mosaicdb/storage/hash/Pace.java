package io.mosaicdb.storage.hash;

import java.util.concurrent.locks.LockSupport;

/**
 * How fast files may be read that nobody waits for, all readers together: verifying what was
 * damaged must not take the disk from those who search. Thread-safe.
 */
public final class Pace {
  private static final long NANOS = 1_000_000_000L;

  /** For what somebody waits for. */
  public static final Pace UNBOUNDED = new Pace(Long.MAX_VALUE);

  private final long bytesPerSecond;
  private long free;
  private long total;

  public Pace(long bytesPerSecond) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("bytesPerSecond must be > 0, got " + bytesPerSecond);
    }
    this.bytesPerSecond = bytesPerSecond;
    this.free = System.nanoTime();
  }

  /** How many bytes were read, where there is a bound. */
  public synchronized long total() {
    return total;
  }

  /** Waits until so many bytes more may have been read. */
  void read(long bytes) {
    if (bytesPerSecond == Long.MAX_VALUE) {
      return;
    }
    long wait;
    synchronized (this) {
      long now = System.nanoTime();
      total += bytes;
      free = Math.max(free, now) + (long) ((double) bytes * NANOS / bytesPerSecond);
      wait = free - now;
    }
    if (wait > 0) {
      LockSupport.parkNanos(wait);
    }
  }
}
