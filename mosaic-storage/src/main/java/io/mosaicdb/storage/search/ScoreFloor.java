package io.mosaicdb.storage.search;

import java.util.Arrays;

/**
 * How well a hit must score to be among the best of all segments searched so far: the least of the
 * best scores once there are as many as wanted. Not thread-safe.
 */
final class ScoreFloor {
  private final float none;

  /** Descending. */
  private final float[] best;

  private int size;

  /**
   * @param wanted how many hits are wanted of all segments together
   * @param none the floor as long as there are fewer
   */
  ScoreFloor(int wanted, float none) {
    this.best = new float[wanted];
    this.none = none;
  }

  float value() {
    return size < best.length ? none : best[size - 1];
  }

  /** Takes the first {@code count} scores of a segment, which descend. */
  void add(float[] scores, int count) {
    var before = Arrays.copyOf(best, size);
    int total = Math.min(best.length, size + count);
    int mine = 0;
    int theirs = 0;
    for (int i = 0; i < total; i++) {
      boolean own = theirs == count || (mine < before.length && before[mine] >= scores[theirs]);
      best[i] = own ? before[mine++] : scores[theirs++];
    }
    size = total;
  }
}
