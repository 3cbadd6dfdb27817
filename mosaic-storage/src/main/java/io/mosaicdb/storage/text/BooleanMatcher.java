package io.mosaicdb.storage.text;

import io.mosaicdb.storage.bits.OrdinalSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluates the conditions of a query to a bitmap of the documents that match. */
final class BooleanMatcher {
  /** Sets the bits of the documents that contain a leaf. */
  interface LeafMarker {
    void mark(TextQuery.Leaf leaf, long[] words);
  }

  private final int documents;
  private final LeafMarker marker;

  BooleanMatcher(int documents, LeafMarker marker) {
    this.documents = documents;
    this.marker = marker;
  }

  /** Whether a query asks for nothing more than any of its leaves, so that scores tell matches. */
  static boolean isAnyOfItsLeaves(TextQuery query) {
    return switch (query) {
      case TextQuery.Leaf _ -> true;
      case TextQuery.Weighted weighted -> isAnyOfItsLeaves(weighted.query());
      case TextQuery.Bool bool ->
          bool.must().isEmpty()
              && bool.mustNot().isEmpty()
              && bool.minimumShouldMatch() <= 1
              && bool.should().stream().allMatch(BooleanMatcher::isAnyOfItsLeaves);
    };
  }

  /**
   * The documents that a search may return: {@code accept} narrowed to those that match {@code
   * query}; null for all, where the scores alone tell what matches.
   */
  long @Nullable [] candidates(TextQuery query, long @Nullable [] accept) {
    if (isAnyOfItsLeaves(query)) {
      return accept;
    }
    var words = evaluate(query);
    if (accept != null) {
      and(words, accept);
    }
    return words;
  }

  /** The documents that match {@code query}. */
  static OrdinalSet matching(TextQuery query, int documents, LeafMarker marker) {
    var words =
        query.isNothing()
            ? new long[OrdinalSet.wordsFor(documents)]
            : new BooleanMatcher(documents, marker).evaluate(query);
    return OrdinalSet.wrap(words, documents);
  }

  private long[] evaluate(TextQuery query) {
    return switch (query) {
      case TextQuery.Leaf leaf -> {
        var words = new long[(documents + 63) >>> 6];
        marker.mark(leaf, words);
        yield words;
      }
      case TextQuery.Weighted weighted -> evaluate(weighted.query());
      case TextQuery.Bool bool -> evaluate(bool);
    };
  }

  private long[] evaluate(TextQuery.Bool bool) {
    long[] result = null;
    for (var child : bool.must()) {
      var words = evaluate(child);
      if (result == null) {
        result = words;
      } else {
        and(result, words);
      }
    }
    int minimum = bool.effectiveMinimum();
    if (minimum > 0) {
      var words = atLeast(minimum, bool.should());
      if (result == null) {
        result = words;
      } else {
        and(result, words);
      }
    }
    if (result == null) {
      throw new AssertionError("a query without must needs one of should");
    }
    for (var child : bool.mustNot()) {
      var words = evaluate(child);
      for (int i = 0; i < result.length; i++) {
        result[i] &= ~words[i];
      }
    }
    return result;
  }

  private long[] atLeast(int minimum, List<TextQuery> children) {
    var words = new long[(documents + 63) >>> 6];
    if (minimum > children.size()) {
      return words;
    }
    if (minimum == 1) {
      for (var child : children) {
        var matched = evaluate(child);
        for (int i = 0; i < words.length; i++) {
          words[i] |= matched[i];
        }
      }
      return words;
    }
    var counts = new short[documents];
    for (var child : children) {
      var matched = evaluate(child);
      for (int i = 0; i < matched.length; i++) {
        for (long rest = matched[i]; rest != 0; rest &= rest - 1) {
          int ordinal = (i << 6) + Long.numberOfTrailingZeros(rest);
          if (++counts[ordinal] == minimum) {
            words[i] |= 1L << ordinal;
          }
        }
      }
    }
    return words;
  }

  private static void and(long[] words, long[] other) {
    for (int i = 0; i < words.length; i++) {
      words[i] &= i < other.length ? other[i] : 0;
    }
  }
}
