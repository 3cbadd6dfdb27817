package io.mosaicdb.storage.vector;

import java.util.Arrays;

/**
 * The candidates of a scan whose estimates lie close enough to the best that their vectors may be
 * among them.
 *
 * <p>The best few are kept apart: scored by a finer form, they show how good a result must be. Of
 * all others those are kept that lie less than {@code doubt} behind the worst of these few as known
 * so far, a limit that only rises, so most are turned away by one comparison; at most {@code most}
 * in the end. Not thread-safe.
 */
final class CloseCandidates {
  private final TopCandidates best;
  private final float doubt;
  private final int most;
  private long[] close;
  private int size;
  private float floor;

  /**
   * @param first how many of the best are to be scored first
   * @param least the score below which nothing is of interest
   */
  CloseCandidates(int first, int most, float doubt, float least) {
    this.floor = least - doubt;
    this.best = new TopCandidates(first);
    this.doubt = doubt;
    this.most = Math.max(first, most);
    this.close = new long[2 * this.most + 64];
  }

  /** No candidate at or below this score is of interest. */
  float threshold() {
    return Math.max(floor, best.threshold() - doubt);
  }

  int size() {
    return size;
  }

  void add(float score, int position) {
    if (score > best.threshold()) {
      best.add(score, position);
    }
    close[size++] = TopCandidates.pack(score, position);
    if (size == close.length) {
      shrink();
    }
  }

  private void shrink() {
    keepAbove(threshold());
    if (size > most) {
      TopCandidates.selectGreatest(close, size, most);
      size = most;
      floor = TopCandidates.score(least(close, size));
    }
  }

  private void keepAbove(float score) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      long candidate = close[i];
      close[kept] = candidate;
      kept += TopCandidates.score(candidate) > score ? 1 : 0;
    }
    size = kept;
  }

  static long least(long[] values, int size) {
    long least = values[0];
    for (int i = 1; i < size; i++) {
      least = Math.min(least, values[i]);
    }
    return least;
  }

  /** The positions of the best few, ascending. */
  int[] first() {
    return positions(best.sorted());
  }

  /**
   * The positions of the others with a greater score, at most as many as keep the sum within the
   * limit, ascending; ends the collection.
   */
  int[] others(float score) {
    var first = best.sorted();
    if (first.length == 0) {
      return new int[0];
    }
    long last = first[first.length - 1];
    keepAbove(score);
    int others = 0;
    for (int i = 0; i < size; i++) {
      if (close[i] < last) {
        close[others++] = close[i];
      }
    }
    if (others > most - first.length) {
      TopCandidates.selectGreatest(close, others, most - first.length);
      others = most - first.length;
    }
    return positions(Arrays.copyOf(close, others));
  }

  private static int[] positions(long[] candidates) {
    var positions = new int[candidates.length];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = TopCandidates.position(candidates[i]);
    }
    Arrays.sort(positions);
    return positions;
  }
}
