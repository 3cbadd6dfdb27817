package io.mosaicdb.storage.text;

import java.util.List;

/**
 * A stretch {@code [start, end)} of a field's text, in UTF-16 units, and the words in it that
 * match, as spans of {@code text} that ascend and do not overlap.
 */
public record Snippet(String text, int start, int end, List<Span> spans) {
  /** The units {@code [start, end)} of the snippet's own text. */
  public record Span(int start, int end) {}

  public Snippet {
    spans = List.copyOf(spans);
  }
}
