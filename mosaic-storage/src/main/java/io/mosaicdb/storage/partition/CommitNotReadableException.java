package io.mosaicdb.storage.partition;

/** The partition as it was after a commit cannot be read: too long ago, or not yet. */
public final class CommitNotReadableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int partition;
  private final long wanted;
  private final long oldest;
  private final long newest;

  CommitNotReadableException(int partition, long wanted, long oldest, long newest) {
    super(
        wanted < oldest
            ? "commit %d of partition %d is no longer kept, the oldest is %d"
                .formatted(wanted, partition, oldest)
            : "commit %d of partition %d has not been made, the newest is %d"
                .formatted(wanted, partition, newest));
    this.partition = partition;
    this.wanted = wanted;
    this.oldest = oldest;
    this.newest = newest;
  }

  public int partition() {
    return partition;
  }

  /** Whether it was readable once. */
  public boolean isGone() {
    return wanted < oldest;
  }

  /** The readable commit that is next to the wanted one. */
  public long nearest() {
    return Math.clamp(wanted, oldest, newest);
  }
}
