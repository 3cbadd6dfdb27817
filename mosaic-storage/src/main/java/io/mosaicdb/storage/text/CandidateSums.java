package io.mosaicdb.storage.text;

import java.util.Arrays;

/**
 * Sums of impacts that may belong to one of the best documents by exact score.
 *
 * <p>An exact score lies within an error of its sum. So whatever is more than both errors, above
 * and below, under the k-th best sum is beaten by k documents, and that limit only rises while sums
 * come in: most are turned away by one comparison, and none is lost.
 */
final class CandidateSums {
  private static final int LARGEST_SUM = Short.MAX_VALUE;

  private final int k;
  private final int margin;
  private long[] keys;
  private int size;
  private int threshold;

  /**
   * @param margin how far an exact score may be above its sum, and how far below, together
   * @param least no lower sum is of interest, at least 1
   */
  CandidateSums(int k, int margin, int least) {
    this.k = k;
    this.margin = margin;
    this.threshold = k == 0 ? LARGEST_SUM + 1 : Math.max(1, least);
    this.keys = new long[2 * k + 256];
  }

  /** The least sum that is of interest. */
  int threshold() {
    return threshold;
  }

  void offer(int sum, int ordinal) {
    if (sum < threshold) {
      return;
    }
    keys[size++] = LongMinHeap.key(sum, ordinal);
    if (size == keys.length) {
      raise();
      if (size > keys.length - keys.length / 4) {
        keys = Arrays.copyOf(keys, 2 * keys.length);
      }
    }
  }

  private void raise() {
    if (size < k) {
      return;
    }
    Arrays.sort(keys, 0, size);
    threshold = Math.max(threshold, LongMinHeap.score(keys[size - k]) - margin);
    long least = LongMinHeap.key(threshold, Integer.MAX_VALUE);
    int from = 0;
    while (from < size && keys[from] < least) {
      from++;
    }
    size -= from;
    System.arraycopy(keys, from, keys, 0, size);
  }

  /** The candidates, by sum ascending; keys as {@link LongMinHeap} has them. */
  long[] sorted() {
    if (k > 0 && size >= k) {
      raise();
      return Arrays.copyOf(keys, size);
    }
    var sorted = Arrays.copyOf(keys, size);
    Arrays.sort(sorted);
    return sorted;
  }
}
