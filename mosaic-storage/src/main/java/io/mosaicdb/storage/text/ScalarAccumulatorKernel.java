package io.mosaicdb.storage.text;

import org.jspecify.annotations.Nullable;

/** Plain loops, for a JVM without the Vector API. */
final class ScalarAccumulatorKernel implements AccumulatorKernel {
  @Override
  public void addDense(byte[] impacts, int weight, int shift, short[] accumulators) {
    int round = (1 << shift) - 1;
    for (int i = 0; i < impacts.length; i++) {
      accumulators[i] += (short) (((impacts[i] & 0xFF) * weight + round) >>> shift);
    }
  }

  @Override
  public long drain(
      short[] accumulators,
      int from,
      int to,
      int threshold,
      long @Nullable [] accept,
      int acceptFrom,
      int[] hits) {
    int matched = 0;
    int hitCount = 0;
    for (int i = from; i < to; i++) {
      int value = accumulators[i];
      if (value == 0) {
        continue;
      }
      accumulators[i] = 0;
      if (accept != null) {
        int word = acceptFrom + (i >>> 6);
        if (word >= accept.length || (accept[word] >>> i & 1) == 0) {
          continue;
        }
      }
      matched++;
      if (value >= threshold) {
        hits[hitCount++] = value << 16 | i;
      }
    }
    return (long) matched << 32 | hitCount;
  }
}
