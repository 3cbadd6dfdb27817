package io.mosaicdb.storage.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AccumulatorKernelTest {
  @Test
  void kernelsAgreeOnWhateverTheyAreGiven() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var scalar = new ScalarAccumulatorKernel();
    var fastest = AccumulatorKernel.FASTEST;
    for (int round = 0; round < 200; round++) {
      int length = 64 * (1 + random.nextInt(40));
      var impacts = new byte[length];
      random.nextBytes(impacts);
      int shift = random.nextInt(16);
      int weight = 1 + random.nextInt((65_536 - (1 << shift)) / 255);
      var one = new short[length];
      for (int i = 0; i < length; i++) {
        impacts[i] = random.nextBoolean() ? impacts[i] : 0;
        one[i] = (short) random.nextInt(shift == 0 ? 1 : 300);
      }
      var other = one.clone();

      scalar.addDense(impacts, weight, shift, one);
      fastest.addDense(impacts, weight, shift, other);

      assertThat(other).as("seed " + seed).isEqualTo(one);
    }
  }

  @Test
  void kernelsDrainTheSame() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int length = 64 * (1 + random.nextInt(40));
      var one = new short[length];
      for (int i = 0; i < length; i++) {
        one[i] = (short) (random.nextBoolean() ? 0 : random.nextInt(32_768));
      }
      var other = one.clone();
      var accept = random.nextBoolean() ? null : random.longs(2 + length / 128).toArray();
      int threshold = 1 + random.nextInt(32_767);
      var hits = new int[length];
      var otherHits = new int[length];

      long drained =
          new ScalarAccumulatorKernel().drain(one, 64, length, threshold, accept, 1, hits);

      assertThat(
              AccumulatorKernel.FASTEST.drain(other, 64, length, threshold, accept, 1, otherHits))
          .as("seed " + seed)
          .isEqualTo(drained);
      assertThat(otherHits).as("seed " + seed).isEqualTo(hits);
      assertThat(other).as("seed " + seed).isEqualTo(one);
    }
  }
}
