package io.mosaicdb.storage.vector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The centres of k-means cells, one set for a namespace, shared by its shards so that a query
 * chooses its cells once.
 *
 * <p>Training is deterministic: the same sample gives the same set on any machine, because every
 * sum runs over dimensions, or over vectors, in order. The id is the SHA-256 of the content. A set
 * never changes; a shard carries the one it was built with.
 */
public final class CentroidSet {
  /** Below this many vectors a flat scan costs less than choosing cells. */
  public static final int FEWEST_VECTORS = 20_000;

  private static final int MAGIC = 0x5443_534D; // "MSCT"
  private static final int VERSION = 1;
  private static final int SAMPLED_PER_CELL = 40;
  private static final int MOST_CELLS = 4_096;
  private static final int ROUNDS = 8;
  private static final long SEED = 20_261_120;

  private final String id;
  private final int size;
  private final float[] centre;
  private final float[] centroids;
  private final float[] columns;
  private final float[] halfSquares;
  private final Rotation rotation;

  /** Made when first asked for: a set that is only read to be compared needs none. */
  private volatile @Nullable CentroidCodes nearness;

  private volatile @Nullable CentroidCodes products;

  private CentroidSet(int size, float[] centre, float[] centroids) {
    this.size = size;
    this.centre = centre;
    this.centroids = centroids;
    this.columns = columnsOf(centroids, size, centre.length);
    this.halfSquares = halfSquaresOf(centroids, size, centre.length);
    this.rotation = new Rotation(centre.length);
    this.id = sha256(toBytes());
  }

  /**
   * How many cells serve a namespace of {@code vectors} best: none below 20,000, then twice the
   * root. The finer the cells, the fewer vectors are scanned, but the longer is the training:
   * {@code DESIGN.md} has the figures.
   */
  public static int recommendedCells(long vectors) {
    return vectors < FEWEST_VECTORS
        ? 0
        : (int) Math.min(MOST_CELLS, Math.round(2 * Math.sqrt((double) vectors)));
  }

  /** How many vectors are enough to train {@code cells}. */
  public static int recommendedSample(int cells) {
    return cells * SAMPLED_PER_CELL;
  }

  /**
   * Trains {@code cells} centroids with Lloyd's k-means on an even sample of {@code vectors}.
   *
   * @throws IllegalArgumentException if there are fewer vectors than cells, or a vector cannot be
   *     indexed under {@code metric}
   */
  public static CentroidSet train(VectorMetric metric, VectorSource vectors, int cells) {
    if (cells < 1 || cells > vectors.size()) {
      throw new IllegalArgumentException(
          "cells must be between 1 and the " + vectors.size() + " vectors given, got " + cells);
    }
    int sampled = Math.min(vectors.size(), recommendedSample(cells));
    var sample = new float[sampled][];
    for (int i = 0; i < sampled; i++) {
      sample[i] = metric.prepare(vectors.vector((int) ((long) i * vectors.size() / sampled)));
    }
    return new CentroidSet(
        cells, meanOf(sample), KMeans.train(sample, cells, ROUNDS, new Random(SEED)));
  }

  /** The SHA-256 of the content, in hexadecimal. */
  public String id() {
    return id;
  }

  /** How many cells there are. */
  public int size() {
    return size;
  }

  public int dimensions() {
    return centre.length;
  }

  /** The mean of the vectors the set was trained on: what queries are centred on. */
  float[] centre() {
    return centre;
  }

  /** How residuals and queries are rotated before they are quantized. */
  Rotation rotation() {
    return rotation;
  }

  float[] centroid(int cell) {
    return Arrays.copyOfRange(centroids, cell * centre.length, (cell + 1) * centre.length);
  }

  /** Half the squared length of each centroid. */
  float[] halfSquares() {
    return halfSquares;
  }

  /** The dot product of a vector with every centroid; longer than {@link #size()} by padding. */
  float[] dots(VectorKernels kernels, float[] vector) {
    var sums = new float[halfSquares.length];
    kernels.columnDots(vector, columns, sums.length / VectorKernels.COLUMNS, sums);
    return sums;
  }

  /** The cell whose centroid is nearest to a vector that its metric has prepared. */
  public int cellOf(float[] prepared) {
    return nearest(VectorKernels.best(), prepared);
  }

  /** The dot products of a vector with the first {@code count} of {@code cells}. */
  float[] dots(VectorKernels kernels, float[] vector, int[] cells, int count) {
    var sums = new float[count];
    kernels.rowDots(vector, centroids, cells, count, sums);
    return sums;
  }

  /**
   * What all centroids are worth to a query, roughly: of their scores under {@code metric}, less a
   * part that all share.
   *
   * @param query centred on {@link #centre()}
   */
  float[] estimates(VectorKernels kernels, VectorMetric metric, QuantizedQuery query) {
    return (metric == VectorMetric.L2 ? nearness() : products()).estimates(kernels, query);
  }

  private CentroidCodes nearness() {
    var known = nearness;
    if (known == null) {
      known = new CentroidCodes(VectorMetric.L2, centre, centroids, size);
      nearness = known;
    }
    return known;
  }

  private CentroidCodes products() {
    var known = products;
    if (known == null) {
      known = new CentroidCodes(VectorMetric.DOT, centre, centroids, size);
      products = known;
    }
    return known;
  }

  /**
   * The cell whose centroid is nearest to a prepared vector, the lowest of equals; of many
   * centroids the nearest of those that their codes say are near.
   */
  int nearest(VectorKernels kernels, float[] vector) {
    if (size < CentroidCodes.FEWEST) {
      return nearest(dots(kernels, vector), halfSquares, size);
    }
    var query = QuantizedQuery.of(vector, centre, rotation);
    return nearness().nearest(kernels, query, vector, centroids, halfSquares, new float[1]);
  }

  static int nearest(float[] dots, float[] halfSquares, int cells) {
    int best = 0;
    float bestScore = dots[0] - halfSquares[0];
    for (int cell = 1; cell < cells; cell++) {
      float score = dots[cell] - halfSquares[cell];
      if (score > bestScore) {
        best = cell;
        bestScore = score;
      }
    }
    return best;
  }

  /** The set as bytes, little-endian; {@code DESIGN.md} specifies them. */
  public byte[] toBytes() {
    var bytes =
        ByteBuffer.allocate((4 + centre.length + centroids.length) * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(MAGIC).putInt(VERSION).putInt(centre.length).putInt(size);
    bytes.asFloatBuffer().put(centre).put(centroids);
    return bytes.array();
  }

  /**
   * The set that {@link #toBytes()} wrote.
   *
   * @throws IllegalArgumentException if the bytes are no such set
   */
  public static CentroidSet fromBytes(byte[] content) {
    var bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (content.length < 16 || bytes.getInt() != MAGIC) {
      throw new IllegalArgumentException(
          "not a centroid set: " + content.length + " bytes without its magic number");
    }
    int version = bytes.getInt();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "centroid set has version " + version + ", this build reads " + VERSION);
    }
    var layout = new CodeLayout(bytes.getInt());
    int size = bytes.getInt();
    long expected = 16 + (size + 1L) * layout.dimensions() * Float.BYTES;
    if (size < 1 || content.length != expected) {
      throw new IllegalArgumentException(
          "centroid set of "
              + size
              + " cells must have "
              + expected
              + " bytes, got "
              + content.length);
    }
    var centre = new float[layout.dimensions()];
    var centroids = new float[size * layout.dimensions()];
    bytes.asFloatBuffer().get(centre).get(centroids);
    return new CentroidSet(size, centre, centroids);
  }

  static float[] columnsOf(float[] centroids, int size, int dimensions) {
    int group = VectorKernels.COLUMNS;
    var columns = new float[VectorKernels.roundUp(size, group) * dimensions];
    for (int cell = 0; cell < size; cell++) {
      int to = cell / group * group * dimensions + cell % group;
      for (int d = 0; d < dimensions; d++) {
        columns[to + d * group] = centroids[cell * dimensions + d];
      }
    }
    return columns;
  }

  static float[] halfSquaresOf(float[] centroids, int size, int dimensions) {
    var halves = new float[VectorKernels.roundUp(size, VectorKernels.COLUMNS)];
    for (int cell = 0; cell < size; cell++) {
      double squares = 0;
      for (int d = 0; d < dimensions; d++) {
        double value = centroids[cell * dimensions + d];
        squares += value * value;
      }
      halves[cell] = (float) (squares / 2);
    }
    return halves;
  }

  static float[] meanOf(float[][] vectors) {
    var sums = new double[vectors[0].length];
    for (var vector : vectors) {
      for (int d = 0; d < sums.length; d++) {
        sums[d] += vector[d];
      }
    }
    var mean = new float[sums.length];
    for (int d = 0; d < sums.length; d++) {
      mean[d] = (float) (sums[d] / vectors.length);
    }
    return mean;
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must provide SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CentroidSet set && set.id.equals(id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "CentroidSet[" + size + " cells, " + centre.length + " dimensions, " + id + "]";
  }
}
