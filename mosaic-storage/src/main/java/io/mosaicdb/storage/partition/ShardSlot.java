package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.generation.ShardDescriptor;
import io.mosaicdb.storage.segment.Segment;
import io.mosaicdb.storage.shard.SealedShard;
import org.jspecify.annotations.Nullable;

/** A shard of the active generation. Guarded by the {@link SegmentTable}. */
final class ShardSlot implements HeldSegment {
  private final ShardDescriptor descriptor;
  private final SegmentState state;
  private @Nullable SealedShard shard;
  private @Nullable SealedShard lost;
  private String reason = "";
  private boolean archived;
  private long unmetUpTo;

  ShardSlot(ShardDescriptor descriptor) {
    this.descriptor = descriptor;
    this.state = new SegmentState(descriptor.documents());
  }

  ShardDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public SegmentState state() {
    return state;
  }

  /** Null while the file cannot be read. */
  @Nullable SealedShard shard() {
    return shard;
  }

  /**
   * The shard itself, or while its file cannot be read what was in memory of it, closed. Null if
   * the file was never read.
   */
  @Override
  public @Nullable Segment identities() {
    return shard != null ? shard : lost;
  }

  @Override
  public Segment segment() {
    if (shard == null) {
      throw new IllegalStateException(
          "shard " + descriptor.shardId() + " cannot be read: " + reason);
    }
    return shard;
  }

  /** Why the file cannot be read, empty if it can. */
  String reason() {
    return reason;
  }

  void serve(SealedShard opened) {
    shard = opened;
    lost = null;
    reason = "";
  }

  void withdraw(String why) {
    if (shard != null) {
      lost = shard;
    }
    shard = null;
    reason = why;
  }

  /**
   * Commits up to this one may have replaced or deleted documents of it without finding them: its
   * ids were not known. What {@link #state} says of it is complete from this commit on.
   */
  long unmetUpTo() {
    return identities() == null ? Long.MAX_VALUE : unmetUpTo;
  }

  void missed(long commitSeq) {
    unmetUpTo = commitSeq;
  }

  /** Whether readers do not see its documents; writes still meet them. */
  boolean archived() {
    return archived;
  }

  void archive(boolean hidden) {
    archived = hidden;
  }
}
