package io.mosaicdb.contract.embedding;

/**
 * A stretch of a source's text and its vector. The stretch is {@code text.substring(start, end)}:
 * offsets count Java chars (UTF-16 code units) and never part a surrogate pair.
 */
public record EmbeddedPassage(int start, int end, EmbeddingVector vector) {
  public EmbeddedPassage {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException(
          "passage must have 0 <= start <= end, got " + start + " and " + end);
    }
  }
}
