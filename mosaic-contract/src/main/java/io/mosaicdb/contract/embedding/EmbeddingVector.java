package io.mosaicdb.contract.embedding;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;

/**
 * An immutable vector of finite floats.
 *
 * <p>In JSON it is one string: the components in order, each as the 4 bytes of its IEEE 754 single
 * in little-endian order, all of it in base64 (RFC 4648 section 4, with padding). 384 dimensions
 * take 2,048 characters, a quarter of what digits take, and come back bit for bit.
 */
public final class EmbeddingVector {
  private final float[] components;

  private EmbeddingVector(float[] components) {
    if (components.length == 0) {
      throw new IllegalArgumentException("vector must have at least one component");
    }
    for (int i = 0; i < components.length; i++) {
      if (!Float.isFinite(components[i])) {
        throw new IllegalArgumentException(
            "vector component " + i + " must be finite, got " + components[i]);
      }
    }
    this.components = components;
  }

  public static EmbeddingVector of(float... components) {
    return new EmbeddingVector(components.clone());
  }

  /** Reads the JSON form. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static EmbeddingVector decode(String base64) {
    byte[] bytes = Base64.getDecoder().decode(base64);
    if (bytes.length % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          "vector must have a multiple of 4 bytes, got " + bytes.length);
    }
    float[] components = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(components);
    return new EmbeddingVector(components);
  }

  /** The JSON form. */
  @JsonValue
  public String encode() {
    var bytes = ByteBuffer.allocate(components.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(components);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  public int dimensions() {
    return components.length;
  }

  /** A copy of the components. */
  public float[] toArray() {
    return components.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EmbeddingVector that && Arrays.equals(components, that.components);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(components);
  }

  @Override
  public String toString() {
    return "EmbeddingVector[" + components.length + " dimensions]";
  }
}
