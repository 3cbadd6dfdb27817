package io.mosaicdb.storage.log;

/**
 * Entries that could not be read.
 *
 * @param firstSeq the first of them
 * @param lastSeq the last of them; {@link #UNKNOWN_END} where the log's end itself was lost
 * @param reason what was found, for the operator
 */
public record LogDamage(long firstSeq, long lastSeq, String reason) {
  /** The end of the log was damaged: commits after {@code firstSeq - 1} may have existed. */
  public static final long UNKNOWN_END = Long.MAX_VALUE;
}
