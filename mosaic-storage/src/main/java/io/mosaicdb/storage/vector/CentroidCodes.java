package io.mosaicdb.storage.vector;

import java.util.Arrays;

/**
 * One-bit codes of centroids, which tell in a small part of the time of all dot products which few
 * of many centroids these are worth computing for. The same codes as those of vectors, around the
 * centre of the set.
 */
final class CentroidCodes {
  /** Fewer centroids are compared one by one. */
  static final int FEWEST = 256;

  /** Among so many of the best estimates the nearest centroid is looked for. */
  private static final int CLOSE = 8;

  private final long[] codes;
  private final int size;

  /**
   * @param metric {@link VectorMetric#L2} estimates how near a centroid is, others its dot product;
   *     both without a part that all centroids share
   */
  CentroidCodes(VectorMetric metric, float[] centre, float[] centroids, int size) {
    var layout = new CodeLayout(centre.length);
    this.size = size;
    this.codes = new long[layout.blockAt(CodeLayout.padded(size))];
    var encoder = new ResidualEncoder(metric, centre);
    var centroid = new float[centre.length];
    for (int cell = 0; cell < size; cell++) {
      System.arraycopy(centroids, cell * centre.length, centroid, 0, centre.length);
      encoder.encode(centroid, centre, codes, null, cell);
    }
  }

  /** An estimate a centroid; {@code query} is centred on the centre of the set. */
  float[] estimates(VectorKernels kernels, QuantizedQuery query) {
    int padded = CodeLayout.padded(size);
    var estimates = new float[padded];
    kernels.estimate(codes, 0, padded / VectorKernels.BLOCK, query, 0, estimates);
    return estimates;
  }

  /**
   * The centroid nearest to {@code vector} among those that seem nearest; the lowest of equals.
   *
   * @param query the vector, centred on the centre of the set
   * @param halfSquares half the squared lengths of the centroids
   * @param gain receives the vector's dot product with it less its half square
   */
  int nearest(
      VectorKernels kernels,
      QuantizedQuery query,
      float[] vector,
      float[] centroids,
      float[] halfSquares,
      float[] gain) {
    var cells = best(estimates(kernels, query), Math.min(CLOSE, size));
    var dots = new float[cells.length];
    kernels.rowDots(vector, centroids, cells, cells.length, dots);
    int best = -1;
    for (int i = 0; i < cells.length; i++) {
      int cell = cells[i];
      float score = dots[i] - halfSquares[cell];
      if (best < 0 || score > gain[0] || (score == gain[0] && cell < best)) {
        best = cell;
        gain[0] = score;
      }
    }
    return best;
  }

  /** The {@code count} cells with the greatest estimates: so few that they are kept in order. */
  private int[] best(float[] estimates, int count) {
    var cells = new int[count];
    var kept = new float[count];
    Arrays.fill(kept, Float.NEGATIVE_INFINITY);
    for (int cell = 0; cell < size; cell++) {
      float estimate = estimates[cell];
      if (estimate > kept[count - 1]) {
        int at = count - 1;
        for (; at > 0 && kept[at - 1] < estimate; at--) {
          kept[at] = kept[at - 1];
          cells[at] = cells[at - 1];
        }
        kept[at] = estimate;
        cells[at] = cell;
      }
    }
    return cells;
  }
}
