package io.mosaicdb.storage.text;

import java.util.Arrays;

/** A growing little-endian byte array. */
final class ByteSink {
  private byte[] bytes;
  private int size;

  ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  /** The bytes written so far are the first {@link #size()} of this array, until the next write. */
  byte[] array() {
    return bytes;
  }

  void clear() {
    size = 0;
  }

  void u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void u16(int value) {
    reserve(2);
    bytes[size++] = (byte) value;
    bytes[size++] = (byte) (value >>> 8);
  }

  void u32(int value) {
    u16(value);
    u16(value >>> 16);
  }

  void u64(long value) {
    u32((int) value);
    u32((int) (value >>> 32));
  }

  /** LEB128: seven bits a byte, least significant first. */
  void varint(int value) {
    reserve(5);
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void write(byte[] source, int from, int length) {
    reserve(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  void write(ByteSink other) {
    write(other.bytes, 0, other.size);
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }
}
