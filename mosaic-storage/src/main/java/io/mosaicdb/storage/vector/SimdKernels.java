package io.mosaicdb.storage.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels with the JDK's Vector API, at the width this machine prefers, 128 to 512 bits.
 *
 * <p>Species are static so that the compiler sees constants: one width runs in a process.
 * Population counts are the heart of {@link #estimate}; with AVX-512 VPOPCNTDQ each is one
 * instruction for eight longs.
 */
final class SimdKernels extends VectorKernels {
  private static final VectorSpecies<Long> LONGS = capped();
  private static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, LONGS.vectorShape());
  private static final int WIDTH = FLOATS.length();

  /** As many ints, floats and bytes as {@link #LONGS} or {@link #FLOATS} has lanes. */
  private static final VectorSpecies<Integer> INTS_OF_LONGS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(LONGS.length() * Integer.SIZE));

  private static final VectorSpecies<Float> FLOATS_OF_LONGS =
      VectorSpecies.of(float.class, INTS_OF_LONGS.vectorShape());

  /** Half as many longs: each is a pair of floats. */
  private static final VectorSpecies<Long> PAIRS =
      VectorSpecies.of(long.class, INTS_OF_LONGS.vectorShape());

  private static final VectorSpecies<Byte> BYTES_OF_FLOATS =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, WIDTH * Byte.SIZE)));

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, LONGS.vectorShape());

  /** Exchange neighbours, pairs, fours and eights; the signs negate the second of each. */
  private static final VectorShuffle<Float> BY_ONE = exchanging(1);

  private static final VectorShuffle<Float> BY_TWO = exchanging(2);
  private static final VectorShuffle<Float> BY_FOUR = exchanging(4);
  private static final VectorShuffle<Float> BY_EIGHT = exchanging(8);
  private static final float[] SIGNS_ONE = signs(1);
  private static final float[] SIGNS_TWO = signs(2);
  private static final float[] SIGNS_FOUR = signs(4);
  private static final float[] SIGNS_EIGHT = signs(8);

  private static VectorShuffle<Float> exchanging(int distance) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane ^ distance) & (WIDTH - 1));
  }

  private static float[] signs(int distance) {
    var signs = new float[WIDTH];
    for (int lane = 0; lane < WIDTH; lane++) {
      signs[lane] = (lane & distance) == 0 ? 1 : -1;
    }
    return signs;
  }

  private static VectorSpecies<Long> capped() {
    var preferred = LongVector.SPECIES_PREFERRED;
    return preferred.vectorBitSize() > 512 ? LongVector.SPECIES_512 : preferred;
  }

  /** The kernels, where the machine has registers of at least 128 bits. */
  static VectorKernels widest() {
    return LONGS.vectorBitSize() >= 128 ? new SimdKernels() : new ScalarKernels();
  }

  private SimdKernels() {}

  @Override
  public String description() {
    return "jdk.incubator.vector, " + LONGS.vectorBitSize() + " bits";
  }

  @Override
  float dot(float[] left, int leftFrom, float[] right, int rightFrom, int length) {
    int whole = length / LANES * LANES;
    var lanes = new float[LANES];
    if (WIDTH == 16) {
      var low = FloatVector.zero(FLOATS);
      var high = FloatVector.zero(FLOATS);
      for (int i = 0; i < whole; i += LANES) {
        low = low.add(at(left, leftFrom + i).mul(at(right, rightFrom + i)));
        high = high.add(at(left, leftFrom + i + 16).mul(at(right, rightFrom + i + 16)));
      }
      low.add(high).intoArray(lanes, 0);
    } else {
      for (int lane = 0; lane < 16; lane += WIDTH) {
        var low = FloatVector.zero(FLOATS);
        var high = FloatVector.zero(FLOATS);
        for (int i = lane; i < whole; i += LANES) {
          low = low.add(at(left, leftFrom + i).mul(at(right, rightFrom + i)));
          high = high.add(at(left, leftFrom + i + 16).mul(at(right, rightFrom + i + 16)));
        }
        low.add(high).intoArray(lanes, lane);
      }
    }
    float sum = sumOfLanes(lanes);
    for (int i = whole; i < length; i++) {
      sum += left[leftFrom + i] * right[rightFrom + i];
    }
    return sum;
  }

  @Override
  void rowDots(float[] vector, float[] rows, int[] wanted, int count, float[] sums) {
    int length = vector.length;
    int whole = length / LANES * LANES;
    // Four rows at a time: the sums of one would wait for each other.
    var lanes = new float[4 * 16];
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      int row0 = wanted[i] * length;
      int row1 = wanted[i + 1] * length;
      int row2 = wanted[i + 2] * length;
      int row3 = wanted[i + 3] * length;
      for (int lane = 0; lane < 16; lane += WIDTH) {
        var low0 = FloatVector.zero(FLOATS);
        var low1 = FloatVector.zero(FLOATS);
        var low2 = FloatVector.zero(FLOATS);
        var low3 = FloatVector.zero(FLOATS);
        var high0 = FloatVector.zero(FLOATS);
        var high1 = FloatVector.zero(FLOATS);
        var high2 = FloatVector.zero(FLOATS);
        var high3 = FloatVector.zero(FLOATS);
        for (int d = lane; d < whole; d += LANES) {
          var lower = at(vector, d);
          var higher = at(vector, d + 16);
          low0 = low0.add(lower.mul(at(rows, row0 + d)));
          high0 = high0.add(higher.mul(at(rows, row0 + d + 16)));
          low1 = low1.add(lower.mul(at(rows, row1 + d)));
          high1 = high1.add(higher.mul(at(rows, row1 + d + 16)));
          low2 = low2.add(lower.mul(at(rows, row2 + d)));
          high2 = high2.add(higher.mul(at(rows, row2 + d + 16)));
          low3 = low3.add(lower.mul(at(rows, row3 + d)));
          high3 = high3.add(higher.mul(at(rows, row3 + d + 16)));
        }
        low0.add(high0).intoArray(lanes, lane);
        low1.add(high1).intoArray(lanes, 16 + lane);
        low2.add(high2).intoArray(lanes, 32 + lane);
        low3.add(high3).intoArray(lanes, 48 + lane);
      }
      for (int row = 0; row < 4; row++) {
        float sum = sumOfLanes(lanes, 16 * row);
        int from = wanted[i + row] * length;
        for (int d = whole; d < length; d++) {
          sum += vector[d] * rows[from + d];
        }
        sums[i + row] = sum;
      }
    }
    for (; i < count; i++) {
      sums[i] = dot(vector, 0, rows, wanted[i] * length, length);
    }
  }

  @Override
  float squaredDistance(float[] left, int leftFrom, float[] right, int rightFrom, int length) {
    int whole = length / LANES * LANES;
    var lanes = new float[LANES];
    for (int lane = 0; lane < 16; lane += WIDTH) {
      var low = FloatVector.zero(FLOATS);
      var high = FloatVector.zero(FLOATS);
      for (int i = lane; i < whole; i += LANES) {
        var lower = at(left, leftFrom + i).sub(at(right, rightFrom + i));
        var higher = at(left, leftFrom + i + 16).sub(at(right, rightFrom + i + 16));
        low = low.add(lower.mul(lower));
        high = high.add(higher.mul(higher));
      }
      low.add(high).intoArray(lanes, lane);
    }
    float sum = sumOfLanes(lanes);
    for (int i = whole; i < length; i++) {
      float difference = left[leftFrom + i] - right[rightFrom + i];
      sum += difference * difference;
    }
    return sum;
  }

  private static FloatVector at(float[] array, int from) {
    return FloatVector.fromArray(FLOATS, array, from);
  }

  @Override
  void columnDots(float[] vector, float[] columns, int groups, float[] sums) {
    int stride = vector.length * COLUMNS;
    int group = 0;
    for (; group + 4 <= groups; group += 4) {
      for (int lane = 0; lane < COLUMNS; lane += WIDTH) {
        var sum0 = FloatVector.zero(FLOATS);
        var sum1 = FloatVector.zero(FLOATS);
        var sum2 = FloatVector.zero(FLOATS);
        var sum3 = FloatVector.zero(FLOATS);
        int from = group * stride + lane;
        for (int d = 0; d < vector.length; d++, from += COLUMNS) {
          var value = FloatVector.broadcast(FLOATS, vector[d]);
          sum0 = sum0.add(value.mul(at(columns, from)));
          sum1 = sum1.add(value.mul(at(columns, from + stride)));
          sum2 = sum2.add(value.mul(at(columns, from + 2 * stride)));
          sum3 = sum3.add(value.mul(at(columns, from + 3 * stride)));
        }
        int to = group * COLUMNS + lane;
        sum0.intoArray(sums, to);
        sum1.intoArray(sums, to + COLUMNS);
        sum2.intoArray(sums, to + 2 * COLUMNS);
        sum3.intoArray(sums, to + 3 * COLUMNS);
      }
    }
    for (; group < groups; group++) {
      for (int lane = 0; lane < COLUMNS; lane += WIDTH) {
        var sum = FloatVector.zero(FLOATS);
        int from = group * stride + lane;
        for (int d = 0; d < vector.length; d++, from += COLUMNS) {
          sum = sum.add(at(columns, from).mul(vector[d]));
        }
        sum.intoArray(sums, group * COLUMNS + lane);
      }
    }
  }

  @Override
  void estimate(
      long[] codes, int from, int blocks, QuantizedQuery query, float base, float[] estimates) {
    var planes = query.planes();
    int words = planes.length / PLANES;
    float scale = query.scale();
    float shift = query.shift();
    for (int block = 0; block < blocks; block++) {
      int start = from + block * (words + 1) * BLOCK;
      for (int lane = 0; lane < BLOCK; lane += LONGS.length()) {
        var ones = LongVector.zero(LONGS);
        var twos = LongVector.zero(LONGS);
        var fours = LongVector.zero(LONGS);
        var eights = LongVector.zero(LONGS);
        for (int plane = 0; plane < planes.length; plane += PLANES) {
          int word = plane / PLANES * BLOCK;
          var bits = LongVector.fromArray(LONGS, codes, start + word + lane);
          ones = ones.add(count(bits, planes[plane]));
          twos = twos.add(count(bits, planes[plane + 1]));
          fours = fours.add(count(bits, planes[plane + 2]));
          eights = eights.add(count(bits, planes[plane + 3]));
        }
        var sum =
            ones.add(twos.lanewise(VectorOperators.LSHL, 1))
                .add(fours.lanewise(VectorOperators.LSHL, 2))
                .sub(eights.lanewise(VectorOperators.LSHL, 3));
        int corrections = start + words * BLOCK + lane / 2;
        var factor = LongVector.fromArray(PAIRS, codes, corrections).reinterpretAsFloats();
        var own = LongVector.fromArray(PAIRS, codes, corrections + BLOCK / 2).reinterpretAsFloats();
        toFloats(sum)
            .mul(scale)
            .add(shift)
            .mul(factor)
            .add(own)
            .add(base)
            .intoArray(estimates, block * BLOCK + lane);
      }
    }
  }

  private static LongVector count(LongVector bits, long plane) {
    return bits.and(plane).lanewise(VectorOperators.BIT_COUNT);
  }

  private static FloatVector toFloats(LongVector sums) {
    Vector<Integer> ints = sums.convertShape(VectorOperators.L2I, INTS_OF_LONGS, 0);
    return (FloatVector) ((IntVector) ints).convertShape(VectorOperators.I2F, FLOATS_OF_LONGS, 0);
  }

  @Override
  int select(float[] estimates, int count, float threshold, int[] indexes) {
    int selected = 0;
    int i = 0;
    for (; i + WIDTH <= count; i += WIDTH) {
      long greater = at(estimates, i).compare(VectorOperators.GT, threshold).toLong();
      for (; greater != 0; greater &= greater - 1) {
        indexes[selected++] = i + Long.numberOfTrailingZeros(greater);
      }
    }
    for (; i < count; i++) {
      if (estimates[i] > threshold) {
        indexes[selected++] = i;
      }
    }
    return selected;
  }

  @Override
  void byteDots(
      MemorySegment rows, int stride, float[] query, int[] positions, int count, float[] sums) {
    var lanes = new float[LANES];
    for (int i = 0; i < count; i++) {
      long row = (long) positions[i] * stride;
      for (int lane = 0; lane < 16; lane += WIDTH) {
        var low = FloatVector.zero(FLOATS);
        var high = FloatVector.zero(FLOATS);
        for (int d = lane; d < query.length; d += LANES) {
          low = low.add(at(query, d).mul(bytesAsFloats(rows, row + d)));
          high = high.add(at(query, d + 16).mul(bytesAsFloats(rows, row + d + 16)));
        }
        low.add(high).intoArray(lanes, lane);
      }
      sums[i] = sumOfLanes(lanes);
    }
  }

  private static FloatVector bytesAsFloats(MemorySegment rows, long from) {
    return (FloatVector)
        ByteVector.fromMemorySegment(BYTES_OF_FLOATS, rows, from, LITTLE_ENDIAN)
            .convertShape(VectorOperators.B2F, FLOATS, 0);
  }

  @Override
  void transform(float[] values, int from, int length, float[] factors, int factorsFrom) {
    if (length < WIDTH) {
      ScalarKernels.transformed(values, from, length, factors, factorsFrom);
      return;
    }
    for (int i = 0; i < length; i += WIDTH) {
      var lanes = at(values, from + i).mul(at(factors, factorsFrom + i));
      // Sum and difference at once: each lane adds its partner to itself or to its negation.
      lanes = lanes.rearrange(BY_ONE).add(lanes.mul(at(SIGNS_ONE, 0)));
      lanes = lanes.rearrange(BY_TWO).add(lanes.mul(at(SIGNS_TWO, 0)));
      if (WIDTH > 4) {
        lanes = lanes.rearrange(BY_FOUR).add(lanes.mul(at(SIGNS_FOUR, 0)));
      }
      if (WIDTH > 8) {
        lanes = lanes.rearrange(BY_EIGHT).add(lanes.mul(at(SIGNS_EIGHT, 0)));
      }
      lanes.intoArray(values, from + i);
    }
    for (int half = WIDTH; half < length; half *= 2) {
      for (int pair = from; pair < from + length; pair += 2 * half) {
        for (int i = pair; i < pair + half; i += WIDTH) {
          var left = at(values, i);
          var right = at(values, i + half);
          left.add(right).intoArray(values, i);
          left.sub(right).intoArray(values, i + half);
        }
      }
    }
  }

  @Override
  int quantize(float[] values, float inverse, long[] planes) {
    var sums = IntVector.zero(INTS);
    for (int i = 0; i < values.length; i += WIDTH) {
      var cut =
          at(values, i)
              .mul(inverse)
              .add(.5f - QuantizedQuery.LOWEST)
              .max(0)
              .min(QuantizedQuery.GREATEST);
      var above = (IntVector) cut.convertShape(VectorOperators.F2I, INTS, 0);
      sums = sums.add(above);
      // Eight more than the number: as two's complement it differs in the highest bit.
      var number = above.lanewise(VectorOperators.XOR, 8);
      int word = (i >>> 6) * PLANES;
      for (int plane = 0; plane < PLANES; plane++) {
        long bits = number.and(1 << plane).compare(VectorOperators.NE, 0).toLong();
        planes[word + plane] |= bits << i;
      }
    }
    return sums.reduceLanes(VectorOperators.ADD) + QuantizedQuery.LOWEST * values.length;
  }

  @Override
  void signs(float[] values, long[] words) {
    for (int i = 0; i < values.length; i += WIDTH) {
      long positive = at(values, i).reinterpretAsInts().compare(VectorOperators.GE, 0).toLong();
      words[i >>> 6] |= positive << i;
    }
  }

  @Override
  void roundToBytes(float[] values, float step, byte[] bytes) {
    for (int i = 0; i < values.length; i += WIDTH) {
      var above =
          (IntVector)
              at(values, i).div(step).add(ABOVE_BYTES).convertShape(VectorOperators.F2I, INTS, 0);
      ((ByteVector) above.sub(128).convertShape(VectorOperators.I2B, BYTES_OF_FLOATS, 0))
          .intoArray(bytes, i);
    }
  }

  @Override
  float greatestSize(float[] values) {
    var greatest = FloatVector.zero(FLOATS);
    for (int i = 0; i < values.length; i += WIDTH) {
      greatest = greatest.max(at(values, i).abs());
    }
    return greatest.reduceLanes(VectorOperators.MAX);
  }
}
