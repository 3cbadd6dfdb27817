package io.mosaicdb.storage.log;

/** A payload is larger than the log takes. */
public final class EntryTooLargeException extends CommitLogException {
  EntryTooLargeException(long bytes, long maximum) {
    super("an entry must be <= " + maximum + " bytes, got " + bytes, null);
  }
}
