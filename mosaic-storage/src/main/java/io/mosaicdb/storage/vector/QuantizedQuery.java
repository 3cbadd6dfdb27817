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
  /** The least of the integers. */
  static final int LOWEST = -8;

  /** Above the least, where numbers are cut: still rounded to the greatest, 7. */
  static final float GREATEST = 15.5f;

  /**
   * In standard deviations of a component: with sixteen steps of this size a normal distribution,
   * which rotation brings about, is rounded with the least squared error (Max, 1960).
   */
  private static final double STEP = .335;

  static QuantizedQuery of(float[] query, float[] centre, Rotation rotation) {
    int dimensions = query.length;
    var centred = new float[VectorKernels.roundUp(dimensions, VectorKernels.LANES)];
    for (int i = 0; i < dimensions; i++) {
      centred[i] = query[i] - centre[i];
    }
    double squares = VectorKernels.sumOfSquares(centred);
    rotation.apply(centred);
    float length = (float) Math.sqrt(squares);
    float step = length == 0 ? 1 : (float) (STEP * length / Math.sqrt(dimensions));
    float inverse = 1 / step;
    var planes = new long[((dimensions + 63) >>> 6) * VectorKernels.PLANES];
    int total = VectorKernels.best().quantize(centred, inverse, planes);
    return new QuantizedQuery(centred, planes, 2 * step, -step * total, length);
  }

  /** The same for codes alone, which takes a tenth of the memory. */
  QuantizedQuery withoutFloats() {
    return new QuantizedQuery(new float[0], planes, scale, shift, length);
  }
}
