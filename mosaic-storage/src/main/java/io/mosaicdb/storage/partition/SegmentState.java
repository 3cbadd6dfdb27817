package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.search.SegmentView;
import io.mosaicdb.storage.segment.Segment;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which documents of a segment are live, and which commit superseded each of the others. Guarded by
 * the partition's lock.
 */
final class SegmentState {
  private final Map<Integer, Long> superseded = new HashMap<>();
  private OrdinalSet live;
  private long @Nullable [] changed;

  SegmentState(int documents) {
    live = OrdinalSet.all(documents);
  }

  void supersede(int document, long commitSeq) {
    superseded.put(document, commitSeq);
    if (changed == null) {
      changed = live.words().clone();
    }
    changed[document >>> 6] &= ~(1L << document);
  }

  boolean isLive(int document) {
    return changed == null
        ? live.contains(document)
        : (changed[document >>> 6] >>> document & 1) != 0;
  }

  /** Makes room for documents that were appended; they are live. */
  void growTo(int documents) {
    settle();
    if (documents > live.size()) {
      live = live.extendedTo(documents);
    }
  }

  private void settle() {
    if (changed != null) {
      live = OrdinalSet.wrap(changed, live.size());
      changed = null;
    }
  }

  SegmentView view(Segment segment) {
    settle();
    return SegmentView.of(segment, live);
  }

  /** The documents that were there after {@code commitSeq}, whatever has happened since. */
  SegmentView viewAt(Segment segment, long commitSeq) {
    int documents = segment.documentCount();
    var words = OrdinalSet.all(documents).words();
    for (int i = 0; i < documents; i++) {
      if (segment.version(i) > commitSeq) {
        words[i >>> 6] &= ~(1L << i);
      }
    }
    superseded.forEach((document, seq) -> {
      if (seq <= commitSeq && document < documents) {
        words[document >>> 6] &= ~(1L << document);
      }
    });
    return SegmentView.of(segment, OrdinalSet.wrap(words, documents));
  }

  /**
   * Whether some commit at or after {@code commitSeq} leaves the version at {@code document} to be
   * seen; {@code version} is the commit that made it.
   */
  boolean isVisibleSince(int document, long version, long commitSeq) {
    var at = superseded.get(document);
    return at == null || (at > commitSeq && at != version);
  }

  /** How many versions no commit at or after {@code commitSeq} leaves to be seen. */
  int goneBefore(long commitSeq) {
    int gone = 0;
    for (long at : superseded.values()) {
      if (at <= commitSeq) {
        gone++;
      }
    }
    return gone;
  }

  int deleted() {
    return superseded.size();
  }

  /** Document ordinal to superseding commit, of commits up to {@code commitSeq}. */
  Map<Integer, Long> supersededUpTo(long commitSeq) {
    var upTo = new HashMap<Integer, Long>();
    superseded.forEach((document, seq) -> {
      if (seq <= commitSeq) {
        upTo.put(document, seq);
      }
    });
    return upTo;
  }

  Map<Integer, Long> superseded() {
    return superseded;
  }
}
