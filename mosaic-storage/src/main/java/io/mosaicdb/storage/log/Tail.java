package io.mosaicdb.storage.log;

/** What a follower gets that asks for the entries after a position. */
public sealed interface Tail {
  /** Read on; the receiver closes the cursor. */
  record Available(LogCursor cursor) implements Tail {}

  /**
   * The entries have left the log.
   *
   * @param firstRetainedSeq the oldest entry there is; what is before it is in a generation
   */
  record LogPurged(long firstRetainedSeq) implements Tail {}

  /**
   * The position is beyond the end of this log: the follower saw another history.
   *
   * @param end the newest durable commit
   */
  record Ahead(LogPosition end) implements Tail {}
}
