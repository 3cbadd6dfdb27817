package io.mosaicdb.storage.search;

import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.segment.Segment;
import org.jspecify.annotations.Nullable;

/**
 * A segment in a snapshot.
 *
 * @param live the documents that are there, null: all
 */
public record SegmentView(Segment segment, @Nullable OrdinalSet live) {
  public static SegmentView of(Segment segment, OrdinalSet live) {
    return new SegmentView(segment, live.isFull() ? null : live);
  }

  public boolean isLive(int document) {
    return live == null || live.contains(document);
  }

  public int liveDocuments() {
    return live == null ? segment.documentCount() : live.cardinality();
  }
}
