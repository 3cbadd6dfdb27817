package io.mosaicdb.model;

import java.nio.charset.StandardCharsets;

/**
 * The name a user gave a document, unique in its namespace: 1 to 512 bytes of well-formed UTF-8
 * without control characters.
 */
public record DocumentId(String value) implements Comparable<DocumentId> {
  public static final int MAX_BYTES = 512;

  public DocumentId {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("document id must not be empty");
    }
    if (value
        .codePoints()
        .anyMatch(c -> Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF))) {
      throw new IllegalArgumentException(
          "document id must not contain control characters or lone surrogates");
    }
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "document id must have at most " + MAX_BYTES + " bytes, got " + bytes);
    }
  }

  @Override
  public int compareTo(DocumentId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
