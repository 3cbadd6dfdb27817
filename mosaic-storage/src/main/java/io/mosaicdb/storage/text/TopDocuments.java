package io.mosaicdb.storage.text;

import java.util.Arrays;

/** Keeps the best by score descending, then ordinal ascending. Scores must be greater than 0. */
final class TopDocuments {
  private final LongMinHeap heap;

  TopDocuments(int capacity) {
    heap = new LongMinHeap(capacity);
  }

  void offer(int ordinal, float score) {
    // Positive floats order like their bits.
    heap.offer(LongMinHeap.key(Float.floatToRawIntBits(score), ordinal));
  }

  /** The least score kept if there are as many as asked for, else 0. */
  float worst() {
    return heap.isFull() && heap.size() > 0
        ? Float.intBitsToFloat(LongMinHeap.score(heap.least()))
        : 0;
  }

  ScoredDocuments sorted(long totalMatches) {
    var keys = heap.values();
    Arrays.sort(keys);
    var ordinals = new int[keys.length];
    var scores = new float[keys.length];
    for (int i = 0; i < keys.length; i++) {
      long key = keys[keys.length - 1 - i];
      ordinals[i] = LongMinHeap.ordinal(key);
      scores[i] = Float.intBitsToFloat(LongMinHeap.score(key));
    }
    return new ScoredDocuments(ordinals, scores, totalMatches, true);
  }
}
