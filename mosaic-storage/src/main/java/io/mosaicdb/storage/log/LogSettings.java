package io.mosaicdb.storage.log;

import java.time.Duration;

/**
 * Limits of a {@link LocalCommitLog}.
 *
 * @param rotateBytes a file larger than this is closed and the next one begun
 * @param keepFiles applied files that stay although they may be purged, the newest ones
 * @param queueEntries appends that may wait to be written
 * @param queueBytes payload bytes that may wait to be written
 * @param groupEntries appends written with one fsync at most
 * @param groupBytes payload bytes written with one fsync at most; a larger entry goes alone
 * @param maximumEntryBytes the largest payload
 * @param operationsKept operation ids carried over when a file is begun, the newest ones
 * @param operationsAge operation ids older than this are not carried over
 */
public record LogSettings(
    long rotateBytes,
    int keepFiles,
    int queueEntries,
    long queueBytes,
    int groupEntries,
    long groupBytes,
    long maximumEntryBytes,
    int operationsKept,
    Duration operationsAge) {
  public LogSettings {
    positive("rotateBytes", rotateBytes);
    positive("queueEntries", queueEntries);
    positive("queueBytes", queueBytes);
    positive("groupEntries", groupEntries);
    positive("groupBytes", groupBytes);
    positive("maximumEntryBytes", maximumEntryBytes);
    if (keepFiles < 0 || operationsKept < 0) {
      throw new IllegalArgumentException(
          "keepFiles and operationsKept must be >= 0, got " + keepFiles + " and " + operationsKept);
    }
    if (operationsAge.isNegative()) {
      throw new IllegalArgumentException("operationsAge must be >= 0, got " + operationsAge);
    }
  }

  /**
   * Files of 100 MB, none kept; a queue of 4,096 appends or 64 MB; 256 appends or 1 MB a group;
   * entries up to 64 MB; at least the last 24 hours of operation ids, at most 100,000 carried over.
   */
  public static LogSettings defaults() {
    return new LogSettings(
        100_000_000L,
        0,
        4_096,
        64_000_000L,
        256,
        1_000_000L,
        64_000_000L,
        100_000,
        Duration.ofHours(24));
  }

  public LogSettings withRotateBytes(long bytes) {
    return new LogSettings(
        bytes,
        keepFiles,
        queueEntries,
        queueBytes,
        groupEntries,
        groupBytes,
        maximumEntryBytes,
        operationsKept,
        operationsAge);
  }

  public LogSettings withKeepFiles(int files) {
    return new LogSettings(
        rotateBytes,
        files,
        queueEntries,
        queueBytes,
        groupEntries,
        groupBytes,
        maximumEntryBytes,
        operationsKept,
        operationsAge);
  }

  public LogSettings withQueue(int entries, long bytes) {
    return new LogSettings(
        rotateBytes,
        keepFiles,
        entries,
        bytes,
        groupEntries,
        groupBytes,
        maximumEntryBytes,
        operationsKept,
        operationsAge);
  }

  public LogSettings withOperations(int kept, Duration age) {
    return new LogSettings(
        rotateBytes,
        keepFiles,
        queueEntries,
        queueBytes,
        groupEntries,
        groupBytes,
        maximumEntryBytes,
        kept,
        age);
  }

  private static void positive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be > 0, got " + value);
    }
  }
}
