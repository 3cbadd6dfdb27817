package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.live.LiveView;

/** A live segment that takes no more and waits to be sealed; {@code lastSeq} is its last commit. */
record FrozenSegment(LiveView segment, SegmentState state, long lastSeq, long bytes)
    implements HeldSegment {
  @Override
  public LiveView identities() {
    return segment;
  }
}
