package io.mosaicdb.benchmarks.vector;

import java.util.Arrays;

/** How fast one thread reads a range of memory over and over, as a yardstick for scans. */
final class MemoryBandwidth {
  private static final int ROUNDS = 40;

  private MemoryBandwidth() {}

  /** The best of {@value #ROUNDS} rounds. */
  static double gigabytesPerSecond(int bytes) {
    var values = new long[bytes / Long.BYTES];
    Arrays.setAll(values, i -> i);
    long least = Long.MAX_VALUE;
    long sink = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      sink += sum(values);
      least = Math.min(least, System.nanoTime() - start);
    }
    if (sink == 1) {
      // Never true; it keeps the compiler from leaving the sums out.
      System.out.println();
    }
    return (double) values.length * Long.BYTES / least;
  }

  /** The compiler turns this loop into vector instructions. */
  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }
}
