package io.mosaicdb.storage.vector;

import java.util.List;

/**
 * The vectors of a segment by passage ordinal. Reading the same ordinal twice gives the same
 * vector.
 */
public interface VectorSource {
  /** How many vectors there are: ordinals run from 0 to one less. */
  int size();

  /** The vector of {@code ordinal}; the caller does not write to it. */
  float[] vector(int ordinal);

  /** The vectors of a list, whose positions are the ordinals. */
  static VectorSource of(List<float[]> vectors) {
    return new VectorSource() {
      @Override
      public int size() {
        return vectors.size();
      }

      @Override
      public float[] vector(int ordinal) {
        return vectors.get(ordinal);
      }
    };
  }
}
