package io.mosaicdb.storage.log;

/**
 * A place in a partition's history.
 *
 * @param epoch rises whenever acknowledged commits may have been lost or the log was replaced, so
 *     that a sequence number of another history is never mistaken for one of this
 * @param seq a {@code commit_seq}; 0 is before the first commit
 */
public record LogPosition(long epoch, long seq) {
  /** Before the first commit of a new partition. */
  public static final LogPosition START = new LogPosition(1, 0);

  public LogPosition {
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch must be >= 1, got " + epoch);
    }
    if (seq < 0) {
      throw new IllegalArgumentException("seq must be >= 0, got " + seq);
    }
  }
}
