package io.mosaicdb.storage.log;

import java.time.Duration;

/** A wait for a commit ran out before the commit became visible. */
public final class NotAppliedInTimeException extends CommitLogException {
  private final long appliedSeq;

  NotAppliedInTimeException(long seq, long appliedSeq, Duration timeout) {
    super(
        "commit %d was not visible within %d ms; the newest visible commit is %d"
            .formatted(seq, timeout.toMillis(), appliedSeq),
        null);
    this.appliedSeq = appliedSeq;
  }

  public long appliedSeq() {
    return appliedSeq;
  }
}
