package io.mosaicdb.storage.vector;

/**
 * A fixed pseudo-random rotation, after which no dimension stands out.
 *
 * <p>Codes keep one bit a dimension, so they lose most where few dimensions carry the variance, as
 * after a principal component analysis or in the head of a Matryoshka embedding; rotated, any data
 * looks alike. Three rounds of random signs and a fast Walsh-Hadamard transform mix all dimensions
 * in O(D log D); where D is no power of two the transforms take turns at both ends. Depends on the
 * number of dimensions only, and only adds, subtracts and scales: equal bits everywhere.
 */
final class Rotation {
  private static final int ROUNDS = 3;

  private final int dimensions;
  private final int block;
  private final float[] factors;

  Rotation(int dimensions) {
    this.dimensions = dimensions;
    this.block = Integer.highestOneBit(dimensions);
    this.factors = new float[ROUNDS * block];
    float scale = (float) (1 / Math.sqrt(block));
    for (int i = 0; i < factors.length; i++) {
      factors[i] = splitMix(i) < 0 ? -scale : scale;
    }
  }

  /** Rotates the first D of {@code values} in place. */
  void apply(float[] values) {
    var kernels = VectorKernels.best();
    for (int round = 0; round < ROUNDS; round++) {
      int from = (round & 1) == 0 ? 0 : dimensions - block;
      kernels.transform(values, from, block, factors, round * block);
    }
  }

  /** The {@code i}-th output of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) from seed 0. */
  private static long splitMix(long i) {
    long z = (i + 1) * 0x9E37_79B9_7F4A_7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
