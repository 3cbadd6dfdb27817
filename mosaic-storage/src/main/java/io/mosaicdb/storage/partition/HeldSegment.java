package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.segment.Segment;
import org.jspecify.annotations.Nullable;

/** A segment that a partition holds, with which of its documents count. */
sealed interface HeldSegment permits ShardSlot, FrozenSegment {
  /**
   * What holds the documents.
   *
   * @throws IllegalStateException if its file cannot be read
   */
  Segment segment();

  /**
   * Where its documents' ids and versions can be looked up, which may be when nothing else of it
   * can be read. Null where not even they are known.
   */
  @Nullable Segment identities();

  /** Guarded by the {@link SegmentTable}. */
  SegmentState state();
}
