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

  /**
   * In standard deviations of a component: with sixteen steps of this size a normal distribution,
   * which rotation brings about, is rounded with the least squared error (Max, 1960).
   */
  private static final double STEP = .335;

  static QuantizedQuery of(float[] query, float[] centre, Rotation rotation) {
    int dimensions = query.length;
    var centred = new float[VectorKernels.roundUp(dimensions, VectorKernels.LANES)];
    double squares = 0;
    for (int i = 0; i < dimensions; i++) {
      centred[i] = query[i] - centre[i];
      squares += (double) centred[i] * centred[i];
    }
    rotation.apply(centred);
    float length = (float) Math.sqrt(squares);
    float step = length == 0 ? 1 : (float) (STEP * length / Math.sqrt(dimensions));
    float inverse = 1 / step;
    var planes = new long[((dimensions + 63) >>> 6) * VectorKernels.PLANES];
    int total = 0;
    for (int from = 0; from < dimensions; from += 64) {
      long ones = 0;
      long twos = 0;
      long fours = 0;
      long eights = 0;
      int until = Math.min(dimensions, from + 64);
      for (int i = from; i < until; i++) {
        long number = quantize(centred[i] * inverse);
        total += (int) number;
        ones |= (number & 1) << i;
        twos |= (number >>> 1 & 1) << i;
        fours |= (number >>> 2 & 1) << i;
        eights |= (number >>> 3 & 1) << i;
      }
      int word = (from >>> 6) * VectorKernels.PLANES;
      planes[word] = ones;
      planes[word + 1] = twos;
      planes[word + 2] = fours;
      planes[word + 3] = eights;
    }
    return new QuantizedQuery(centred, planes, 2 * step, -step * total, length);
  }

  /** The same for codes alone, which takes a tenth of the memory. */
  QuantizedQuery withoutFloats() {
    return new QuantizedQuery(new float[0], planes, scale, shift, length);
  }

  /**
   * Rounds to the nearest integer of four bits; what is cut off is positive, so cutting is floor.
   */
  private static int quantize(float steps) {
    float shifted = steps + (.5f - LOWEST);
    return (int) Math.min(Math.max(shifted, 0), HIGHEST - LOWEST + .5f) + LOWEST;
  }
}
