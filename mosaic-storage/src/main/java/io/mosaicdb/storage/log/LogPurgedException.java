package io.mosaicdb.storage.log;

/** A reader fell behind what the log keeps. */
public final class LogPurgedException extends CommitLogException {
  private final long firstRetainedSeq;

  LogPurgedException(long wantedSeq, long firstRetainedSeq) {
    super("commit " + wantedSeq + " has left the log, which begins at " + firstRetainedSeq, null);
    this.firstRetainedSeq = firstRetainedSeq;
  }

  public long firstRetainedSeq() {
    return firstRetainedSeq;
  }
}
