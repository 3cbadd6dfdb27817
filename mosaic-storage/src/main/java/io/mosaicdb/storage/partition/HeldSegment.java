package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.segment.Segment;

/** A segment that a partition holds, with which of its documents count. */
sealed interface HeldSegment permits ShardSlot, FrozenSegment {
  /**
   * What holds the documents.
   *
   * @throws IllegalStateException if its file cannot be read
   */
  Segment segment();

  /** Guarded by the {@link SegmentTable}. */
  SegmentState state();
}
