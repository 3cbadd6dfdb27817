package io.mosaicdb.storage.text;

/**
 * The best documents of a segment, score descending, then ordinal ascending, and how many match
 * altogether.
 */
public record ScoredDocuments(
    int[] ordinals, float[] scores, long totalMatches, boolean totalIsExact) {
  public static final ScoredDocuments NONE = new ScoredDocuments(new int[0], new float[0], 0, true);

  public ScoredDocuments {
    if (ordinals.length != scores.length || totalMatches < ordinals.length) {
      throw new IllegalArgumentException(
          ordinals.length
              + " ordinals, "
              + scores.length
              + " scores, "
              + totalMatches
              + " matches");
    }
  }

  public int size() {
    return ordinals.length;
  }
}
