package io.mosaicdb.storage.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Turns a vector into its code and its row of bytes, both of the residual against the centroid of
 * its cell.
 *
 * <p>All sums run over dimensions in order and in double, so the same vector gives the same bytes
 * everywhere. {@code DESIGN.md} derives factor and offset.
 */
final class ResidualEncoder {
  private final VectorMetric metric;
  private final float[] centre;
  private final CodeLayout layout;
  private final Rotation rotation;
  private final float[] residual;
  private double squaredErrors;
  private int encoded;

  ResidualEncoder(VectorMetric metric, float[] centre) {
    this.metric = metric;
    this.centre = centre;
    this.layout = new CodeLayout(centre.length);
    this.rotation = new Rotation(centre.length);
    this.residual = new float[centre.length];
  }

  /**
   * Encodes a prepared vector; codes and rows must be zero at {@code position}.
   *
   * @param rows null where only the code is wanted
   */
  void encode(
      float[] vector, float[] centroid, long[] codes, @Nullable MemorySegment rows, int position) {
    double squares = 0;
    double offset = 0;
    for (int d = 0; d < residual.length; d++) {
      float value = vector[d] - centroid[d];
      residual[d] = value;
      squares += (double) value * value;
      double towards = metric == VectorMetric.L2 ? (double) centre[d] - centroid[d] : centre[d];
      offset += towards * value;
    }
    if (metric == VectorMetric.L2) {
      offset -= squares / 2;
    }
    rotation.apply(residual);
    double sumOfSizes = 0;
    float largest = 0;
    for (float value : residual) {
      float size = Math.abs(value);
      largest = Math.max(largest, size);
      sumOfSizes += size;
    }
    if (sumOfSizes > 0) {
      // RaBitQ (Gao and Long, SIGMOD 2024), theorem 3.2, for a query of length one.
      double alignment = sumOfSizes * sumOfSizes / (squares * residual.length);
      squaredErrors += squares * (1 - alignment) / alignment / Math.max(1, residual.length - 1);
    }
    encoded++;
    float factor = sumOfSizes == 0 ? 0 : (float) (squares / sumOfSizes);
    layout.setCorrections(codes, position, factor, (float) offset);
    writeSigns(codes, position);
    if (rows != null) {
      rows.set(ScalarKernels.FLOAT, layout.rowOffsetAt(position), (float) offset);
      writeBytes(rows, position, largest);
    }
  }

  /**
   * The standard deviation of the estimates from the codes so far, for a query at distance one from
   * the centre.
   */
  float deviation() {
    return encoded == 0 ? 0 : (float) Math.sqrt(squaredErrors / encoded);
  }

  private void writeSigns(long[] codes, int position) {
    for (int word = 0; word < layout.words(); word++) {
      long bits = 0;
      int end = Math.min(residual.length, (word + 1) * Long.SIZE);
      for (int d = word * Long.SIZE; d < end; d++) {
        // The sign bit of a float is its highest: clear means not negative.
        bits |= (long) (~Float.floatToRawIntBits(residual[d]) >>> 31) << d;
      }
      codes[layout.wordAt(position, word)] = bits;
    }
  }

  private void writeBytes(MemorySegment rows, int position, float largest) {
    if (largest == 0) {
      return;
    }
    float step = largest / Byte.MAX_VALUE;
    long row = (long) position * layout.rowBytes();
    for (int d = 0; d < residual.length; d++) {
      rows.set(ValueLayout.JAVA_BYTE, row + d, (byte) Math.round(residual[d] / step));
    }
    rows.set(ScalarKernels.FLOAT, layout.stepAt(position), step);
  }
}
