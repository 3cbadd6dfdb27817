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

  /** The ordinal of the version of {@code id} that is there, or -1. */
  public int find(String id) {
    int document = segment.find(id);
    // What came after the snapshot, or has been superseded in it, stands behind an older version.
    while (document >= 0 && (document >= segment.documentCount() || !isLive(document))) {
      document = segment.before(document);
    }
    return document;
  }

  SegmentView without(String id) {
    int document = find(id);
    if (document < 0) {
      return this;
    }
    var there = live == null ? OrdinalSet.all(segment.documentCount()) : live;
    return new SegmentView(segment, there.without(document));
  }

  public int liveDocuments() {
    return live == null ? segment.documentCount() : live.cardinality();
  }
}
