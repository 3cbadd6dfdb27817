package io.mosaicdb.model.document;

/**
 * A stretch of a document's {@code text} field that has one vector.
 *
 * @param start offset of the first UTF-16 unit
 * @param end offset after the last UTF-16 unit
 * @param vector {@link Vectors little-endian floats}
 */
public record Passage(int start, int end, byte[] vector) {
  public Passage {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException(
          "a passage needs 0 <= start <= end, got " + start + " and " + end);
    }
  }
}
