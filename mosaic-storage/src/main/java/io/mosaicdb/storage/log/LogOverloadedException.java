package io.mosaicdb.storage.log;

/** The queue of waiting appends is full. Nothing was written; the caller may try again later. */
public final class LogOverloadedException extends CommitLogException {
  LogOverloadedException(int queued, int maximumQueued, long queuedBytes, long maximumBytes) {
    super(
        "the commit log is overloaded: %d of %d entries and %d of %d bytes are waiting"
            .formatted(queued, maximumQueued, queuedBytes, maximumBytes),
        null);
  }
}
