package io.mosaicdb.storage.sql;

import java.time.Duration;

/**
 * What one statement may take.
 *
 * @param timeout from the call to the last row
 * @param rows of the answer; more are left out, and the answer says so
 * @param resultBytes of the answer's values together; further rows are left out, and it says so
 * @param memoryBytes how much the process may grow beside the Java heap meanwhile (Linux)
 * @param temporaryBytes how much the temporary folder may fill meanwhile
 * @param attachedShards shards that are read in place; rows of further ones are copied first
 */
public record SqlLimits(
    Duration timeout,
    int rows,
    long resultBytes,
    long memoryBytes,
    long temporaryBytes,
    int attachedShards) {
  /** SQLite's own bound is 125 in the build that comes with the JDBC driver. */
  public static final int MOST_ATTACHED = 120;

  public SqlLimits {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout must be > 0, got " + timeout);
    }
    if (rows < 0 || resultBytes < 1 || memoryBytes < 1 || temporaryBytes < 1) {
      throw new IllegalArgumentException(
          "rows must be >= 0, resultBytes, memoryBytes and temporaryBytes > 0, got "
              + rows
              + ", "
              + resultBytes
              + ", "
              + memoryBytes
              + " and "
              + temporaryBytes);
    }
    if (attachedShards < 0 || attachedShards > MOST_ATTACHED) {
      throw new IllegalArgumentException(
          "attachedShards must be between 0 and " + MOST_ATTACHED + ", got " + attachedShards);
    }
  }

  /** 10 s, 1,000 rows, 16 MiB of result, 512 MiB of memory, 2 GiB of temporary files. */
  public static SqlLimits defaults() {
    return new SqlLimits(
        Duration.ofSeconds(10), 1000, 16L << 20, 512L << 20, 2L << 30, MOST_ATTACHED);
  }

  public SqlLimits with(Duration otherTimeout, int otherRows) {
    return new SqlLimits(
        otherTimeout, otherRows, resultBytes, memoryBytes, temporaryBytes, attachedShards);
  }
}
