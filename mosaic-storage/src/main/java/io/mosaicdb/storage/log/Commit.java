package io.mosaicdb.storage.log;

/**
 * What the log answers to an append.
 *
 * @param position where the payload stands
 * @param commitId base32 of the payload's SHA-256: equal payloads have equal ids
 * @param duplicate whether this is the answer to a repetition, which wrote nothing
 */
public record Commit(LogPosition position, String commitId, boolean duplicate) {
  public long commitSeq() {
    return position.seq();
  }

  public long epoch() {
    return position.epoch();
  }
}
