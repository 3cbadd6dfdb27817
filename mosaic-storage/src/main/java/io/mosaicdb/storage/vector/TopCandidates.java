package io.mosaicdb.storage.vector;

import java.util.Arrays;

/**
 * The best {@code keep} of the candidates added, by score descending and position ascending.
 *
 * <p>A candidate is one long, the score's bits in an order that integers compare, above the
 * complement of the position. They collect in a buffer of about twice the size; when it is full the
 * worse part is cut off by selection, which also raises {@link #threshold()}: the score below which
 * nothing needs to be added any more. Not thread-safe.
 */
final class TopCandidates {
  private final int keep;
  private final long[] buffer;
  private int size;
  private float threshold = Float.NEGATIVE_INFINITY;

  TopCandidates(int keep) {
    this.keep = keep;
    this.buffer = new long[2 * keep + 64];
  }

  /** No candidate at or below this score can be among the best. */
  float threshold() {
    return threshold;
  }

  int size() {
    return Math.min(size, keep);
  }

  /** The {@code rank}-th best score, from 1, or the worst if there are fewer. */
  float score(int rank) {
    int last = Math.min(rank, size);
    selectGreatest(buffer, size, last);
    return score(CloseCandidates.least(buffer, last));
  }

  void add(float score, int position) {
    buffer[size++] = pack(score, position);
    if (size == buffer.length) {
      cut();
    }
  }

  /** The best, sorted: positions and scores read with {@link #position} and {@link #score}. */
  long[] sorted() {
    if (size > keep) {
      cut();
    }
    var result = Arrays.copyOf(buffer, size);
    Arrays.sort(result);
    for (int i = 0, j = size - 1; i < j; i++, j--) {
      long swapped = result[i];
      result[i] = result[j];
      result[j] = swapped;
    }
    return result;
  }

  /** The best from {@code least} on as a result; positions are ordinals then. */
  ScoredPassages toPassages(float least) {
    var sorted = sorted();
    int count = sorted.length;
    while (count > 0 && score(sorted[count - 1]) < least) {
      count--;
    }
    var ordinals = new int[count];
    var scores = new float[count];
    for (int i = 0; i < count; i++) {
      ordinals[i] = position(sorted[i]);
      scores[i] = score(sorted[i]);
    }
    return new ScoredPassages(ordinals, scores);
  }

  private void cut() {
    selectGreatest(buffer, size, keep);
    size = keep;
    threshold = score(CloseCandidates.least(buffer, keep));
  }

  static long pack(float score, int position) {
    // Adding zero turns -0 into 0, which compare as equals.
    int bits = Float.floatToRawIntBits(score + 0f);
    int ordered = bits ^ (bits >> 31 & Integer.MAX_VALUE);
    return (long) ordered << 32 | (~position & 0xFFFF_FFFFL);
  }

  static int position(long candidate) {
    return ~(int) candidate;
  }

  static float score(long candidate) {
    int ordered = (int) (candidate >> 32);
    return Float.intBitsToFloat(ordered ^ (ordered >> 31 & Integer.MAX_VALUE));
  }

  /** Moves the {@code keep} greatest of the first {@code size} values to the front, unordered. */
  static void selectGreatest(long[] values, int size, int keep) {
    int from = 0;
    int to = size - 1;
    while (from < to) {
      long pivot = medianOfThree(values[from], values[(from + to) >>> 1], values[to]);
      int left = from;
      int right = to;
      while (left <= right) {
        while (values[left] > pivot) {
          left++;
        }
        while (values[right] < pivot) {
          right--;
        }
        if (left <= right) {
          long swapped = values[left];
          values[left++] = values[right];
          values[right--] = swapped;
        }
      }
      if (keep - 1 <= right) {
        to = right;
      } else if (keep - 1 >= left) {
        from = left;
      } else {
        return;
      }
    }
  }

  private static long medianOfThree(long a, long b, long c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
