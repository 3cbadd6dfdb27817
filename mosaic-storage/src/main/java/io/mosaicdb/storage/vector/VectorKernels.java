package io.mosaicdb.storage.vector;

import java.lang.foreign.MemorySegment;

/**
 * The inner loops of vector search.
 *
 * <p>There are two implementations, one with the JDK's Vector API and one in plain Java, and they
 * give the same bits: every sum of floats is split over {@value #LANES} lanes, or runs over
 * dimensions in order, whatever the machine's registers hold, and products are rounded before they
 * are added. A shard written or asked on one machine therefore cannot differ from the same on
 * another. Implementations are stateless.
 */
public abstract sealed class VectorKernels permits ScalarKernels, SimdKernels {
  /** Partial sums of a dot product: lane {@code i} adds the dimensions {@code i, i + 32, ...}. */
  static final int LANES = 32;

  /** Vectors in one block of codes: word {@code w} of all eight lies together. */
  static final int BLOCK = 8;

  /** Bit planes of a query quantized to four bits, two's complement, lowest first. */
  static final int PLANES = 4;

  /** Vectors whose dot products with one query {@link #columnDots} takes together. */
  static final int COLUMNS = 16;

  /** Added to a number of a signed byte it gives a positive one, of which cutting rounds it. */
  static final float ABOVE_BYTES = 128.5f;

  /** What {@link #roundToBytes} may write beyond the values. */
  static final int SPARE = 8;

  VectorKernels() {}

  /** What this machine runs fastest; chosen once. */
  public static VectorKernels best() {
    return KernelSelection.BEST;
  }

  /** Which implementation this is and how wide its registers are, for a log or an answer. */
  public abstract String description();

  /** The dot product of {@code length} floats. */
  abstract float dot(float[] left, int leftFrom, float[] right, int rightFrom, int length);

  /**
   * Dot products of a vector with some rows of as many floats: equal to the bit to those of {@link
   * #dot}.
   *
   * @param wanted which rows
   * @param sums receives one sum a row wanted, the first {@code count}
   */
  abstract void rowDots(float[] vector, float[] rows, int[] wanted, int count, float[] sums);

  /** The squared Euclidean distance of {@code length} floats. */
  abstract float squaredDistance(
      float[] left, int leftFrom, float[] right, int rightFrom, int length);

  /**
   * Dot products of one vector with vectors stored as columns: of group {@code g} of sixteen,
   * {@code columns[(g * dimensions + d) * 16 + c]} is dimension {@code d} of column {@code c}.
   * Writes {@code groups * 16} sums, each added up in the order of dimensions.
   */
  abstract void columnDots(float[] vector, float[] columns, int groups, float[] sums);

  /**
   * Estimates the scores of consecutive blocks of codes.
   *
   * @param codes blocks as {@link CodeLayout} lays them out
   * @param from the first long of the first block
   * @param estimates receives eight estimates a block: {@code base + (offset + factor * (scale *
   *     sum + shift))}, where {@code sum} is the dot product of the query's four-bit numbers and
   *     the code's bits
   */
  abstract void estimate(
      long[] codes, int from, int blocks, QuantizedQuery query, float base, float[] estimates);

  /**
   * Writes the indexes below {@code count} whose estimate is greater than {@code threshold}, in
   * ascending order.
   *
   * @return how many there are
   */
  abstract int select(float[] estimates, int count, float threshold, int[] indexes);

  /**
   * Dot products of a query with rows of signed bytes.
   *
   * @param stride bytes from one row to the next
   * @param query floats, padded with zeros to a multiple of {@value #LANES}; a row has as many
   *     bytes
   * @param positions which rows
   * @param sums receives one sum a position
   */
  abstract void byteDots(
      MemorySegment rows, int stride, float[] query, int[] positions, int count, float[] sums);

  /**
   * Multiplies {@code length} values, a power of two, by as many factors and applies the unscaled
   * Walsh-Hadamard transform, neighbours first.
   */
  abstract void transform(float[] values, int from, int length, float[] factors, int factorsFrom);

  /**
   * Rounds {@code values * inverse} to integers of four bits, in [-8, 7], and writes their bits.
   *
   * @param values a multiple of {@value #LANES}
   * @param planes zeros; receives bit {@code i % 64} of plane {@code p} of value {@code i} in
   *     element {@code i / 64 * 4 + p}
   * @return the sum of the integers
   */
  abstract int quantize(float[] values, float inverse, long[] planes);

  /**
   * The bits of the signs: bit {@code i % 64} of word {@code i / 64} is 1 where value {@code i} is
   * not negative, by its sign bit.
   *
   * @param values a multiple of {@value #LANES}
   * @param words zeros
   */
  abstract void signs(float[] values, long[] words);

  /**
   * Rounds {@code values / step}, all between -127 and 127, to the nearest integers.
   *
   * @param values a multiple of {@value #LANES}
   * @param bytes at least {@value #SPARE} longer, which may be written to
   */
  abstract void roundToBytes(float[] values, float step, byte[] bytes);

  /** The greatest absolute value, of a multiple of {@value #LANES}. */
  abstract float greatestSize(float[] values);

  /**
   * The sum of squares, in four lanes of double that are added in the end: four chains of additions
   * take a quarter of the time of one.
   *
   * @param values a multiple of four
   */
  static double sumOfSquares(float[] values) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int i = 0; i < values.length; i += 4) {
      s0 += (double) values[i] * values[i];
      s1 += (double) values[i + 1] * values[i + 1];
      s2 += (double) values[i + 2] * values[i + 2];
      s3 += (double) values[i + 3] * values[i + 3];
    }
    return (s0 + s2) + (s1 + s3);
  }

  /** {@code values} rounded up to whole groups. */
  static int roundUp(int values, int group) {
    return (values + group - 1) / group * group;
  }

  /** Adds up sixteen lanes, halving: the order all implementations share. */
  static float sumOfLanes(float[] lanes) {
    return sumOfLanes(lanes, 0);
  }

  static float sumOfLanes(float[] lanes, int at) {
    float s0 = (lanes[at] + lanes[at + 8]) + (lanes[at + 4] + lanes[at + 12]);
    float s1 = (lanes[at + 1] + lanes[at + 9]) + (lanes[at + 5] + lanes[at + 13]);
    float s2 = (lanes[at + 2] + lanes[at + 10]) + (lanes[at + 6] + lanes[at + 14]);
    float s3 = (lanes[at + 3] + lanes[at + 11]) + (lanes[at + 7] + lanes[at + 15]);
    return (s0 + s2) + (s1 + s3);
  }
}
