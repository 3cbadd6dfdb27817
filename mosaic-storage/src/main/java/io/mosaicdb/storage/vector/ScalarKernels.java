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
}
