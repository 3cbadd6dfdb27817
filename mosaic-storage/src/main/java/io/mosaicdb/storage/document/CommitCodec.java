package io.mosaicdb.storage.document;

import io.mosaicdb.model.document.CommitBatch;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * A commit as bytes: CBOR (RFC 8949), the component names of the model's records as keys.
 * Thread-safe.
 */
public final class CommitCodec {
  private static final CBORMapper MAPPER =
      CBORMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

  private CommitCodec() {}

  public static byte[] encode(CommitBatch batch) {
    return MAPPER.writeValueAsBytes(batch);
  }

  /**
   * The commit that {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if the bytes are no commit
   */
  public static CommitBatch decode(byte[] bytes) {
    try {
      return MAPPER.readValue(bytes, CommitBatch.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "not a commit: " + e.getOriginalMessage() + ", " + bytes.length + " bytes", e);
    }
  }
}
