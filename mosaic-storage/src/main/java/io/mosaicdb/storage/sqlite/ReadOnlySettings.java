package io.mosaicdb.storage.sqlite;

import java.time.Duration;

/**
 * How a sealed file is read.
 *
 * @param maximumConnections connections open at once, at least 1
 * @param checkoutTimeout how long a caller waits for a free connection
 * @param idleTime an unused connection is closed after this
 * @param mmapBytes how much of the file SQLite maps instead of copying; 0 maps nothing. A mapped
 *     file that is cut short in place ends the process, since SQLite is native code; otherwise such
 *     a read is an error like any other
 * @param cacheBytes page cache of each connection
 */
public record ReadOnlySettings(
    int maximumConnections,
    Duration checkoutTimeout,
    Duration idleTime,
    long mmapBytes,
    long cacheBytes) {

  public ReadOnlySettings {
    if (maximumConnections < 1) {
      throw new IllegalArgumentException(
          "maximumConnections must be >= 1, got " + maximumConnections);
    }
    if (checkoutTimeout.isNegative()) {
      throw new IllegalArgumentException("checkoutTimeout must be >= 0, got " + checkoutTimeout);
    }
    if (idleTime.isNegative() || idleTime.isZero()) {
      throw new IllegalArgumentException("idleTime must be > 0, got " + idleTime);
    }
    if (mmapBytes < 0 || cacheBytes < 0) {
      throw new IllegalArgumentException(
          "mmapBytes and cacheBytes must be >= 0, got " + mmapBytes + " and " + cacheBytes);
    }
  }

  /** Four connections, a wait of 2 s, idle after 60 s, nothing mapped, 2 MiB of cache each. */
  public static ReadOnlySettings defaults() {
    return new ReadOnlySettings(4, Duration.ofSeconds(2), Duration.ofSeconds(60), 0, 2L << 20);
  }
}
