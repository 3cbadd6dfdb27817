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
    for (int round = 0; round < ROUNDS; round++) {
      int from = (round & 1) == 0 ? 0 : dimensions - block;
      for (int i = 0; i < block; i++) {
        values[from + i] *= factors[round * block + i];
      }
      transform(values, from);
    }
  }

  private void transform(float[] values, int from) {
    int half = 1;
    if (block >= 8) {
      // Three steps of eight values at once: the innermost loop would be too short to pay.
      for (int i = from; i < from + block; i += 8) {
        transformEight(values, i);
      }
      half = 8;
    }
    for (; half < block; half *= 2) {
      for (int pair = from; pair < from + block; pair += 2 * half) {
        for (int i = pair; i < pair + half; i++) {
          float left = values[i];
          float right = values[i + half];
          values[i] = left + right;
          values[i + half] = left - right;
        }
      }
    }
  }

  private static void transformEight(float[] values, int at) {
    float a0 = values[at] + values[at + 1];
    float a1 = values[at] - values[at + 1];
    float a2 = values[at + 2] + values[at + 3];
    float a3 = values[at + 2] - values[at + 3];
    float a4 = values[at + 4] + values[at + 5];
    float a5 = values[at + 4] - values[at + 5];
    float a6 = values[at + 6] + values[at + 7];
    float a7 = values[at + 6] - values[at + 7];
    float b0 = a0 + a2;
    float b1 = a1 + a3;
    float b2 = a0 - a2;
    float b3 = a1 - a3;
    float b4 = a4 + a6;
    float b5 = a5 + a7;
    float b6 = a4 - a6;
    float b7 = a5 - a7;
    values[at] = b0 + b4;
    values[at + 1] = b1 + b5;
    values[at + 2] = b2 + b6;
    values[at + 3] = b3 + b7;
    values[at + 4] = b0 - b4;
    values[at + 5] = b1 - b5;
    values[at + 6] = b2 - b6;
    values[at + 7] = b3 - b7;
  }

  /** The {@code i}-th output of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) from seed 0. */
  private static long splitMix(long i) {
    long z = (i + 1) * 0x9E37_79B9_7F4A_7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
