package io.mosaicdb.storage.text;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The two loops over accumulators in which a ranked search spends its time: one short for each
 * document of a block, never negative.
 */
sealed interface AccumulatorKernel permits ScalarAccumulatorKernel, VectorAccumulatorKernel {
  /** The fastest kernel that this JVM can run. */
  AccumulatorKernel FASTEST = fastest();

  /**
   * Adds {@code (impact * weight + 2^shift - 1) >>> shift} to each accumulator: at least 1 wherever
   * the impact is not 0, so that an accumulator of 0 means no match. {@code impacts.length} is a
   * multiple of 64; {@code 255 * weight + 2^shift} is at most 65,536.
   */
  void addDense(byte[] impacts, int weight, int shift, short[] accumulators);

  /**
   * Reads and zeroes the accumulators {@code [from, to)}, both multiples of 64. Those accepted and
   * not 0 are counted; those accepted and at least {@code threshold} (which is at least 1) are
   * stored in {@code hits} as {@code value << 16 | index}.
   *
   * @param accept null, or the accepted bits, accumulator 0 being bit 0 of word {@code acceptFrom};
   *     bits beyond its end are 0
   * @return the count in the upper half, the number of hits in the lower
   */
  long drain(
      short[] accumulators,
      int from,
      int to,
      int threshold,
      long @Nullable [] accept,
      int acceptFrom,
      int[] hits);

  private static AccumulatorKernel fastest() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      return new VectorAccumulatorKernel();
    }
    LoggerFactory.getLogger(AccumulatorKernel.class)
        .info("keyword search runs without SIMD; add --add-modules jdk.incubator.vector");
    return new ScalarAccumulatorKernel();
  }
}
