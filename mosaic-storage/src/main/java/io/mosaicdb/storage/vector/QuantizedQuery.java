package io.mosaicdb.storage.vector;

/**
 * A query relative to a centre, rotated, as floats for the rows of bytes and as four-bit integers
 * in bit planes for the codes.
 *
 * <p>With signs {@code s = 2b - 1} for bits {@code b}, the dot product of the query and a code's
 * signs is {@code 2 * step * sum(u * b) - step * sum(u)}, where {@code u} are the integers in [-8,
 * 7]: {@code scale} is {@code 2 * step}, {@code shift} the second term.
 *
 * @param centred the query minus the centre, rotated, padded with zeros to a multiple of 32
 * @param length of the query minus the centre
 * @param planes plane {@code p} of word {@code w} at {@code w * 4 + p}; plane 3 counts -8
 */
record QuantizedQuery(float[] centred, long[] planes, float scale, float shift, float length) {
  private static final int LOWEST = -8;
  private static final int HIGHEST = 7;

  static QuantizedQuery of(float[] query, float[] centre, Rotation rotation) {
    int dimensions = query.length;
    var centred = new float[VectorKernels.roundUp(dimensions, VectorKernels.LANES)];
    double squares = 0;
    for (int i = 0; i < dimensions; i++) {
      centred[i] = query[i] - centre[i];
      squares += (double) centred[i] * centred[i];
    }
    rotation.apply(centred);
    float step = bestStep(centred, dimensions);
    var planes = new long[((dimensions + 63) >>> 6) * VectorKernels.PLANES];
    int total = 0;
    for (int i = 0; i < dimensions; i++) {
      int number = quantize(centred[i], step);
      total += number;
      for (int plane = 0; plane < VectorKernels.PLANES; plane++) {
        planes[(i >>> 6) * VectorKernels.PLANES + plane] |= (number >>> plane & 1L) << i;
      }
    }
    return new QuantizedQuery(centred, planes, 2 * step, -step * total, (float) Math.sqrt(squares));
  }

  private static int quantize(float value, float step) {
    return Math.clamp(Math.round(value / step), LOWEST, HIGHEST);
  }

  /**
   * The step with the least squared error among a few: clipping the rare large component buys
   * precision for all others.
   */
  private static float bestStep(float[] centred, int dimensions) {
    float largest = 0;
    for (float value : centred) {
      largest = Math.max(largest, Math.abs(value));
    }
    if (largest == 0) {
      return 1;
    }
    float best = largest / HIGHEST;
    float bestError = Float.MAX_VALUE;
    for (int tenths = 10; tenths >= 4; tenths -= 2) {
      float step = largest / HIGHEST * tenths / 10;
      float inverse = 1 / step;
      float error = 0;
      for (int i = 0; i < dimensions; i++) {
        float scaled = centred[i] * inverse;
        float rounded = Math.clamp((float) Math.rint(scaled), LOWEST, HIGHEST);
        error += (scaled - rounded) * (scaled - rounded);
      }
      error *= step * step;
      if (error < bestError) {
        bestError = error;
        best = step;
      }
    }
    return best;
  }
}
