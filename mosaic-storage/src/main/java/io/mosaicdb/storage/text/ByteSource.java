package io.mosaicdb.storage.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads what a {@link ByteSink} wrote; reading past the end is an {@code IndexOutOfBounds}. */
final class ByteSource {
  private static final VarHandle U16 =
      MethodHandles.byteArrayViewVarHandle(char[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private int position;

  ByteSource(byte[] bytes, int position) {
    this.bytes = bytes;
    this.position = position;
  }

  int position() {
    return position;
  }

  void skip(int count) {
    position += count;
  }

  int u8() {
    return bytes[position++] & 0xFF;
  }

  int u16() {
    return u8() | u8() << 8;
  }

  int u32() {
    return u16() | u16() << 16;
  }

  long u64() {
    return (u32() & 0xFFFF_FFFFL) | (long) u32() << 32;
  }

  int varint() {
    int b = bytes[position++];
    int value = b & 0x7F;
    for (int shift = 7; b < 0; shift += 7) {
      b = bytes[position++];
      value |= (b & 0x7F) << shift;
    }
    return value;
  }

  void read(byte[] target) {
    System.arraycopy(bytes, position, target, 0, target.length);
    position += target.length;
  }

  /** Reads {@code target.length} times u16. */
  void read(char[] target) {
    for (int i = 0; i < target.length; i++) {
      target[i] = (char) U16.get(bytes, position + 2 * i);
    }
    position += 2 * target.length;
  }
}
