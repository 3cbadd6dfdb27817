package io.mosaicdb.storage.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns a vector into its code and its row of bytes, both of the residual against the centroid of
 * its cell.
 *
 * <p>All sums run over dimensions in one order and in double, so the same vector gives the same
 * bytes everywhere. {@code DESIGN.md} derives factor and offset.
 */
final class ResidualEncoder {
  private final VectorKernels kernels = VectorKernels.best();
  private final VectorMetric metric;
  private final float[] centre;
  private final CodeLayout layout;
  private final Rotation rotation;
  private final float[] residual;
  private final double[] products;
  private final byte[] bytes;
  private final long[] signs;
  private double squaredErrors;
  private int encoded;

  ResidualEncoder(VectorMetric metric, float[] centre) {
    this.metric = metric;
    this.centre = centre;
    this.layout = new CodeLayout(centre.length);
    this.rotation = new Rotation(centre.length);
    this.residual = new float[VectorKernels.roundUp(centre.length, VectorKernels.LANES)];
    this.products = new double[residual.length];
    this.bytes = new byte[residual.length + VectorKernels.SPARE];
    this.signs = new long[layout.words()];
  }

  /**
   * Encodes a prepared vector; codes and rows must be zero at {@code position}.
   *
   * @param rows null where only the code is wanted
   */
  void encode(
      float[] vector, float[] centroid, long[] codes, @Nullable MemorySegment rows, int position) {
    for (int d = 0; d < centre.length; d++) {
      float value = vector[d] - centroid[d];
      residual[d] = value;
      double towards = metric == VectorMetric.L2 ? (double) centre[d] - centroid[d] : centre[d];
      products[d] = towards * value;
    }
    double squares = VectorKernels.sumOfSquares(residual);
    double offset = sum(products);
    if (metric == VectorMetric.L2) {
      offset -= squares / 2;
    }
    rotation.apply(residual);
    for (int d = 0; d < residual.length; d++) {
      products[d] = Math.abs(residual[d]);
    }
    double sumOfSizes = sum(products);
    if (sumOfSizes > 0) {
      // RaBitQ (Gao and Long, SIGMOD 2024), theorem 3.2, for a query of length one.
      double alignment = sumOfSizes * sumOfSizes / (squares * centre.length);
      squaredErrors += squares * (1 - alignment) / alignment / Math.max(1, centre.length - 1);
    }
    encoded++;
    float factor = sumOfSizes == 0 ? 0 : (float) (squares / sumOfSizes);
    layout.setCorrections(codes, position, factor, (float) offset);
    writeSigns(codes, position);
    if (rows != null) {
      rows.set(ScalarKernels.FLOAT, layout.rowOffsetAt(position), (float) offset);
      writeBytes(rows, position, kernels.greatestSize(residual));
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
    Arrays.fill(signs, 0);
    kernels.signs(residual, signs);
    for (int word = 0; word < signs.length; word++) {
      int beyond = Math.max(0, (word + 1) * Long.SIZE - centre.length);
      codes[layout.wordAt(position, word)] = signs[word] << beyond >>> beyond;
    }
  }

  private void writeBytes(MemorySegment rows, int position, float largest) {
    if (largest == 0) {
      return;
    }
    float step = largest / Byte.MAX_VALUE;
    kernels.roundToBytes(residual, step, bytes);
    long row = (long) position * layout.rowBytes();
    MemorySegment.copy(bytes, 0, rows, ValueLayout.JAVA_BYTE, row, residual.length);
    rows.set(ScalarKernels.FLOAT, layout.stepAt(position), step);
  }

  /** Four sums side by side, of a multiple of four. */
  private static double sum(double[] values) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int i = 0; i < values.length; i += 4) {
      s0 += values[i];
      s1 += values[i + 1];
      s2 += values[i + 2];
      s3 += values[i + 3];
    }
    return (s0 + s2) + (s1 + s3);
  }
}
