package io.mosaicdb.coordinator.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lines of a bulk stream that are committed together. Filled by one thread, then only read. */
final class LineBatch {
  /**
   * @param number counts the stream's lines from 1
   * @param offset where it begins in {@link #bytes}
   * @param tooLong it went beyond the limit and was not kept
   */
  record Line(long number, int offset, int length, boolean tooLong) {}

  private byte[] bytes = new byte[64 * 1024];
  private int size;
  private int start;
  private boolean overflown;
  private final List<Line> lines = new ArrayList<>();

  byte[] bytes() {
    return bytes;
  }

  List<Line> lines() {
    return lines;
  }

  int size() {
    return size;
  }

  /** Adds bytes of the current line; what goes beyond {@code limit} is dropped with the line. */
  void append(byte[] source, int from, int length, int limit) {
    if (overflown || size - start + (long) length > limit) {
      overflown = true;
      size = start;
      return;
    }
    if (size + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + length, bytes.length * 2));
    }
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  /** Ends the current line. A blank one leaves no trace. */
  void endLine(long number) {
    int end = size;
    while (end > start && bytes[end - 1] <= ' ' && bytes[end - 1] >= 0) {
      end--;
    }
    if (overflown || end > start) {
      lines.add(new Line(number, start, end - start, overflown));
    }
    start = size;
    overflown = false;
  }
}
