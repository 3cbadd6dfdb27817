package io.mosaicdb.storage.text;

/**
 * The largest longs offered, up to a capacity. Used with a score in the upper half and an inverted
 * ordinal in the lower, so that of two equal scores the lower ordinal is kept.
 */
final class LongMinHeap {
  private final long[] heap;
  private int size;

  LongMinHeap(int capacity) {
    heap = new long[capacity];
  }

  static long key(int score, int ordinal) {
    return (long) score << 32 | (Integer.MAX_VALUE - ordinal);
  }

  static int score(long key) {
    return (int) (key >>> 32);
  }

  static int ordinal(long key) {
    return Integer.MAX_VALUE - (int) key;
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == heap.length;
  }

  long least() {
    return heap[0];
  }

  void offer(long value) {
    if (size < heap.length) {
      int at = size++;
      while (at > 0) {
        int up = (at - 1) >>> 1;
        if (heap[up] <= value) {
          break;
        }
        heap[at] = heap[up];
        at = up;
      }
      heap[at] = value;
    } else if (size > 0 && value > heap[0]) {
      int at = 0;
      for (int down; (down = 2 * at + 1) < size; at = down) {
        if (down + 1 < size && heap[down + 1] < heap[down]) {
          down++;
        }
        if (heap[down] >= value) {
          break;
        }
        heap[at] = heap[down];
      }
      heap[at] = value;
    }
  }

  /** The values kept, in no order. */
  long[] values() {
    return java.util.Arrays.copyOf(heap, size);
  }
}
