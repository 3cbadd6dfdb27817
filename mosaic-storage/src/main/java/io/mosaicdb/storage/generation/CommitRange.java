package io.mosaicdb.storage.generation;

/**
 * The commits a generation holds: everything from {@code first} to {@code last}. A generation
 * without commits is {@code [1, 0]}.
 *
 * @param epoch the log's epoch at {@code last}
 */
public record CommitRange(long epoch, long first, long last) {
  public CommitRange {
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch must be >= 1, got " + epoch);
    }
    if (first < 1 || last < first - 1) {
      throw new IllegalArgumentException(
          "a commit range needs 1 <= first <= last + 1, got " + first + " and " + last);
    }
  }
}
