package io.mosaicdb.storage.vector;

/**
 * The best passages of one segment, by score descending and then by ordinal ascending. Both arrays
 * have the same length; neither is copied, and nobody writes to them.
 */
public record ScoredPassages(int[] ordinals, float[] scores) {
  /** No passages. */
  public static final ScoredPassages NONE = new ScoredPassages(new int[0], new float[0]);

  public ScoredPassages {
    if (ordinals.length != scores.length) {
      throw new IllegalArgumentException(
          "ordinals and scores must have the same length, got "
              + ordinals.length
              + " and "
              + scores.length);
    }
  }

  public int size() {
    return ordinals.length;
  }
}
