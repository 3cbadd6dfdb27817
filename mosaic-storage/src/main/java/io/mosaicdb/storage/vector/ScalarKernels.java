package io.mosaicdb.storage.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The kernels in plain Java: what runs where the Vector API is not available. */
final class ScalarKernels extends VectorKernels {
  /** How longs and floats lie in BLOBs and in rows of bytes. */
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @Override
  public String description() {
    return "scalar";
  }

  @Override
  float dot(float[] left, int leftFrom, float[] right, int rightFrom, int length) {
    var lanes = new float[LANES];
    int whole = length / LANES * LANES;
    for (int i = 0; i < whole; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        lanes[lane] += left[leftFrom + i + lane] * right[rightFrom + i + lane];
      }
    }
    float sum = sumOfBothHalves(lanes);
    for (int i = whole; i < length; i++) {
      sum += left[leftFrom + i] * right[rightFrom + i];
    }
    return sum;
  }

  @Override
  void rowDots(float[] vector, float[] rows, int[] wanted, int count, float[] sums) {
    for (int i = 0; i < count; i++) {
      sums[i] = dot(vector, 0, rows, wanted[i] * vector.length, vector.length);
    }
  }

  @Override
  float squaredDistance(float[] left, int leftFrom, float[] right, int rightFrom, int length) {
    var lanes = new float[LANES];
    int whole = length / LANES * LANES;
    for (int i = 0; i < whole; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        float difference = left[leftFrom + i + lane] - right[rightFrom + i + lane];
        lanes[lane] += difference * difference;
      }
    }
    float sum = sumOfBothHalves(lanes);
    for (int i = whole; i < length; i++) {
      float difference = left[leftFrom + i] - right[rightFrom + i];
      sum += difference * difference;
    }
    return sum;
  }

  private static float sumOfBothHalves(float[] lanes) {
    for (int lane = 0; lane < LANES / 2; lane++) {
      lanes[lane] += lanes[lane + LANES / 2];
    }
    return sumOfLanes(lanes);
  }

  @Override
  void columnDots(float[] vector, float[] columns, int groups, float[] sums) {
    for (int group = 0; group < groups; group++) {
      int to = group * COLUMNS;
      for (int column = 0; column < COLUMNS; column++) {
        sums[to + column] = 0;
      }
      for (int d = 0; d < vector.length; d++) {
        float value = vector[d];
        int from = (group * vector.length + d) * COLUMNS;
        for (int column = 0; column < COLUMNS; column++) {
          sums[to + column] += value * columns[from + column];
        }
      }
    }
  }

  @Override
  void estimate(
      long[] codes, int from, int blocks, QuantizedQuery query, float base, float[] estimates) {
    var planes = query.planes();
    int words = planes.length / PLANES;
    int block = from;
    for (int i = 0; i < blocks * BLOCK; i++) {
      int lane = i % BLOCK;
      int sum = 0;
      for (int word = 0; word < words; word++) {
        long bits = codes[block + word * BLOCK + lane];
        int at = word * PLANES;
        sum +=
            Long.bitCount(bits & planes[at])
                + 2 * Long.bitCount(bits & planes[at + 1])
                + 4 * Long.bitCount(bits & planes[at + 2])
                - 8 * Long.bitCount(bits & planes[at + 3]);
      }
      int corrections = block + words * BLOCK + lane / 2;
      int half = lane % 2 * Float.SIZE;
      float factor = Float.intBitsToFloat((int) (codes[corrections] >>> half));
      float own = Float.intBitsToFloat((int) (codes[corrections + BLOCK / 2] >>> half));
      estimates[i] = base + (own + factor * (query.scale() * sum + query.shift()));
      if (lane == BLOCK - 1) {
        block += (words + 1) * BLOCK;
      }
    }
  }

  @Override
  int select(float[] estimates, int count, float threshold, int[] indexes) {
    int selected = 0;
    for (int i = 0; i < count; i++) {
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
      long from = (long) positions[i] * stride;
      java.util.Arrays.fill(lanes, 0);
      for (int d = 0; d < query.length; d += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          lanes[lane] += query[d + lane] * rows.get(JAVA_BYTE, from + d + lane);
        }
      }
      sums[i] = sumOfBothHalves(lanes);
    }
  }

  @Override
  void transform(float[] values, int from, int length, float[] factors, int factorsFrom) {
    transformed(values, from, length, factors, factorsFrom);
  }

  static void transformed(float[] values, int from, int length, float[] factors, int factorsFrom) {
    for (int i = 0; i < length; i++) {
      values[from + i] *= factors[factorsFrom + i];
    }
    int half = 1;
    if (length >= 8) {
      // Three steps of eight values at once: the innermost loop would be too short to pay.
      for (int i = from; i < from + length; i += 8) {
        transformEight(values, i);
      }
      half = 8;
    }
    for (; half < length; half *= 2) {
      for (int pair = from; pair < from + length; pair += 2 * half) {
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

  @Override
  int quantize(float[] values, float inverse, long[] planes) {
    int total = 0;
    for (int i = 0; i < values.length; i++) {
      long number = quantize(values[i] * inverse);
      total += (int) number;
      int word = (i >>> 6) * PLANES;
      for (int plane = 0; plane < PLANES; plane++) {
        planes[word + plane] |= (number >>> plane & 1) << i;
      }
    }
    return total;
  }

  /**
   * Rounds to the nearest integer of four bits; what is cut off is positive, so cutting is floor.
   */
  private static int quantize(float steps) {
    float shifted = steps + (.5f - QuantizedQuery.LOWEST);
    return (int) Math.min(Math.max(shifted, 0), QuantizedQuery.GREATEST) + QuantizedQuery.LOWEST;
  }

  @Override
  void signs(float[] values, long[] words) {
    for (int i = 0; i < values.length; i++) {
      // The sign bit of a float is its highest: clear means not negative.
      words[i >>> 6] |= (long) (~Float.floatToRawIntBits(values[i]) >>> 31) << i;
    }
  }

  @Override
  void roundToBytes(float[] values, float step, byte[] bytes) {
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) ((int) (values[i] / step + ABOVE_BYTES) - 128);
    }
  }

  @Override
  float greatestSize(float[] values) {
    float greatest = 0;
    for (float value : values) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    return greatest;
  }
}
