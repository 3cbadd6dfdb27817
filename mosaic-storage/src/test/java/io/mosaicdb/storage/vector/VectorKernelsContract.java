package io.mosaicdb.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every implementation of the kernels does, and that they agree to the bit. */
abstract class VectorKernelsContract {
  private final VectorKernels kernels = kernels();
  private final VectorKernels reference = new ScalarKernels();
  private final Random random = new Random(11);

  abstract VectorKernels kernels();

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 31, 32, 33, 64, 100, 384, 385, 1024})
  void dotsAndDistancesAreTheSumsOfTheirDefinition(int length) {
    var left = floats(length + 5);
    var right = floats(length + 9);

    double dot = 0;
    double distance = 0;
    for (int i = 0; i < length; i++) {
      dot += (double) left[5 + i] * right[9 + i];
      distance += Math.pow((double) left[5 + i] - right[9 + i], 2);
    }
    assertThat(kernels.dot(left, 5, right, 9, length)).isCloseTo((float) dot, within(1e-3f));
    assertThat(kernels.squaredDistance(left, 5, right, 9, length))
        .isCloseTo((float) distance, within(1e-2f));
    assertThat(kernels.dot(left, 5, right, 9, length))
        .isEqualTo(reference.dot(left, 5, right, 9, length));
    assertThat(kernels.squaredDistance(left, 5, right, 9, length))
        .isEqualTo(reference.squaredDistance(left, 5, right, 9, length));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 11})
  void rowDotsAreTheDotsWithTheRowsWanted(int count) {
    for (int dimensions : new int[] {1, 31, 37, 96, 384}) {
      var vector = floats(dimensions);
      var rows = floats(20 * dimensions);
      var wanted = random.ints(count, 0, 20).toArray();
      var sums = new float[count];

      kernels.rowDots(vector, rows, wanted, count, sums);

      for (int i = 0; i < count; i++) {
        assertThat(sums[i])
            .isEqualTo(reference.dot(vector, 0, rows, wanted[i] * dimensions, dimensions));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 9})
  void columnDotsAreTheDotsWithEveryColumn(int groups) {
    int dimensions = 37;
    var vector = floats(dimensions);
    var columns = floats(groups * VectorKernels.COLUMNS * dimensions);
    var sums = floats(groups * VectorKernels.COLUMNS);

    kernels.columnDots(vector, columns, groups, sums);

    for (int i = 0; i < sums.length; i++) {
      float expected = 0;
      for (int d = 0; d < dimensions; d++) {
        expected += vector[d] * columns[(i / 16 * dimensions + d) * 16 + i % 16];
      }
      assertThat(sums[i]).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 128, 384, 1000})
  void estimatesFollowTheFormulaOverBitsAndCorrections(int dimensions) {
    var layout = new CodeLayout(dimensions);
    int blocks = 5;
    int from = 8;
    var codes = random.longs(from + blocks * layout.blockLongs()).toArray();
    var block = new long[blocks * layout.blockLongs()];
    for (int position = 0; position < blocks * 8; position++) {
      for (int word = 0; word < layout.words(); word++) {
        block[layout.wordAt(position, word)] = random.nextLong();
      }
      layout.setCorrections(block, position, random.nextFloat(), random.nextFloat());
    }
    System.arraycopy(block, 0, codes, from, block.length);
    var query = QuantizedQuery.of(floats(dimensions), floats(dimensions), new Rotation(dimensions));
    var estimates = new float[blocks * 8 + 3];

    kernels.estimate(codes, from, blocks, query, .25f, estimates);

    for (int position = 0; position < blocks * 8; position++) {
      int sum = 0;
      for (int d = 0; d < layout.words() * 64; d++) {
        long bits = block[layout.wordAt(position, d >>> 6)];
        sum += (int) (bits >>> d & 1) * number(query, d);
      }
      float factor = layout.factor(block, position);
      float own = layout.offset(block, position);
      assertThat(estimates[position])
          .isEqualTo(.25f + (own + factor * (query.scale() * sum + query.shift())));
    }
  }

  private static int number(QuantizedQuery query, int dimension) {
    return number(query.planes(), dimension);
  }

  private static int number(long[] planes, int dimension) {
    int number = 0;
    for (int plane = 0; plane < 4; plane++) {
      int bit = (int) (planes[(dimension >>> 6) * 4 + plane] >>> dimension & 1);
      number += bit * (plane == 3 ? -8 : 1 << plane);
    }
    return number;
  }

  @Test
  void selectsWhatIsStrictlyGreater() {
    var estimates = floats(100);
    estimates[40] = .5f;
    estimates[41] = Math.nextUp(.5f);
    estimates[98] = 7;
    estimates[99] = 8;
    var indexes = new int[100];

    int selected = kernels.select(estimates, 99, .5f, indexes);

    int next = 0;
    for (int i = 0; i < 99; i++) {
      if (estimates[i] > .5f) {
        assertThat(indexes[next++]).isEqualTo(i);
      }
    }
    assertThat(selected).isEqualTo(next);
    assertThat(kernels.select(estimates, 99, Float.NEGATIVE_INFINITY, indexes)).isEqualTo(99);
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64, 384, 1024})
  void byteDotsAreTheDotsWithSignedBytes(int dimensions) {
    var layout = new CodeLayout(dimensions);
    int count = 20;
    try (var arena = Arena.ofConfined()) {
      var rows = arena.allocate((long) count * layout.rowBytes());
      fill(rows);
      var query = floats(dimensions);
      var positions = new int[] {19, 0, 7, 7, 3};
      var sums = new float[6];
      var expected = new float[6];

      kernels.byteDots(rows, layout.rowBytes(), query, positions, 5, sums);

      reference.byteDots(rows, layout.rowBytes(), query, positions, 5, expected);
      assertThat(sums).isEqualTo(expected);
      for (int i = 0; i < 5; i++) {
        double sum = 0;
        for (int d = 0; d < dimensions; d++) {
          sum +=
              (double) query[d]
                  * rows.get(ValueLayout.JAVA_BYTE, (long) positions[i] * layout.rowBytes() + d);
        }
        assertThat(sums[i]).isCloseTo((float) sum, within(.05f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16, 32, 256, 1024})
  void transformIsTheProductWithHadamardsMatrix(int length) {
    var values = floats(length + 3);
    var factors = floats(length + 5);
    var expected = values.clone();
    reference.transform(expected, 3, length, factors, 5);
    var before = values.clone();

    kernels.transform(values, 3, length, factors, 5);

    assertThat(values).isEqualTo(expected);
    for (int row = 0; row < length; row += Math.max(1, length / 16)) {
      double sum = 0;
      for (int i = 0; i < length; i++) {
        double product = (double) before[3 + i] * factors[5 + i];
        sum += Integer.bitCount(row & i) % 2 == 0 ? product : -product;
      }
      assertThat(values[3 + row]).isCloseTo((float) sum, within(1e-3f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64, 96, 384})
  void quantizesToFourBitsWithinTheirRange(int length) {
    var values = floats(length);
    values[0] = 100;
    values[1] = -100;
    values[2] = -0f;
    values[3] = .5f;
    values[4] = -.5f;
    var planes = new long[(length + 63) / 64 * 4];

    int total = kernels.quantize(values, 2, planes);

    int sum = 0;
    for (int i = 0; i < length; i++) {
      int number = number(planes, i);
      assertThat(number).isEqualTo((int) Math.clamp(Math.floor(2 * values[i] + .5), -8, 7));
      sum += number;
    }
    assertThat(total).isEqualTo(sum);
    var expected = new long[planes.length];
    assertThat(reference.quantize(values, 2, expected)).isEqualTo(total);
    assertThat(planes).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64, 96, 384})
  void encodesSignsAndBytes(int length) {
    var values = floats(length);
    values[0] = -0f;
    values[1] = 0;
    values[2] = -9;
    float greatest = kernels.greatestSize(values);
    var signs = new long[(length + 63) / 64];
    var bytes = new byte[length + VectorKernels.SPARE];

    kernels.signs(values, signs);
    kernels.roundToBytes(values, greatest / 127, bytes);

    assertThat(greatest).isEqualTo(9f);
    assertThat(reference.greatestSize(values)).isEqualTo(9f);
    assertThat(bytes[2]).isEqualTo((byte) -127);
    var expectedSigns = new long[signs.length];
    var expectedBytes = new byte[bytes.length];
    reference.signs(values, expectedSigns);
    reference.roundToBytes(values, greatest / 127, expectedBytes);
    assertThat(signs).isEqualTo(expectedSigns);
    for (int i = 0; i < length; i++) {
      assertThat(signs[i / 64] >>> i & 1).isEqualTo(i > 0 && values[i] >= 0 ? 1 : 0);
      assertThat(bytes[i]).isEqualTo(expectedBytes[i]);
      assertThat((double) bytes[i]).isCloseTo(values[i] / (greatest / 127), within(.5001));
    }
  }

  private void fill(MemorySegment segment) {
    for (long i = 0; i < segment.byteSize(); i++) {
      segment.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
    }
  }

  private float[] floats(int length) {
    var floats = new float[length];
    for (int i = 0; i < length; i++) {
      floats[i] = (float) random.nextGaussian();
    }
    return floats;
  }
}
