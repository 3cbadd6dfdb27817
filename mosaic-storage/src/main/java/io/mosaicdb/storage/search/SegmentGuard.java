package io.mosaicdb.storage.search;

import io.mosaicdb.storage.segment.Segment;
import java.util.Optional;

/**
 * Keeps searches from segments that failed lately. Thread-safe. For every segment of a search
 * {@link #findRefusal} is asked once; where it has none, exactly one of the others follows.
 */
public interface SegmentGuard {
  /** Lets every search read every segment. */
  SegmentGuard NONE =
      new SegmentGuard() {
        @Override
        public Optional<String> findRefusal(Segment segment) {
          return Optional.empty();
        }

        @Override
        public void answered(Segment segment) {}

        @Override
        public void failed(Segment segment, String reason) {}

        @Override
        public void notAsked(Segment segment) {}
      };

  /** Why the segment is to be left alone now; empty if it is to be searched. */
  Optional<String> findRefusal(Segment segment);

  void answered(Segment segment);

  /** It could not be read, or was held up for longer than a segment may be. */
  void failed(Segment segment, String reason);

  /** Nothing was read of it, or too little time was left to tell. */
  void notAsked(Segment segment);
}
