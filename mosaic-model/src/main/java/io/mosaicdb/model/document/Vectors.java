package io.mosaicdb.model.document;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Vectors as bytes: IEEE 754 single precision, little-endian, four bytes a dimension. */
public final class Vectors {
  private Vectors() {}

  public static byte[] toBytes(float[] vector) {
    var bytes = new byte[vector.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector);
    return bytes;
  }

  public static float[] toFloats(byte[] bytes) {
    if (bytes.length % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          "a vector has 4 bytes a dimension, got " + bytes.length + " bytes");
    }
    var vector = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    return vector;
  }
}
