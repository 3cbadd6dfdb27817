package io.mosaicdb.storage.vector;

import java.util.concurrent.ConcurrentHashMap;

/**
 * A question, prepared once and asked of many shards: what depends on a centroid set is computed by
 * the first shard of that set and shared with the others. Thread-safe.
 */
public final class VectorQuery {
  /** How finely cells are ordered. */
  private static final int CLASSES = 1024;

  private final VectorMetric metric;
  private final float[] vector;
  private final ConcurrentHashMap<String, Routing> routings = new ConcurrentHashMap<>();

  private VectorQuery(VectorMetric metric, float[] vector) {
    this.metric = metric;
    this.vector = vector;
  }

  /**
   * A query for {@code vector}, which is copied, and scaled to length one under {@link
   * VectorMetric#COSINE}.
   *
   * @throws IllegalArgumentException if a component is not finite, or under cosine all are zero
   */
  public static VectorQuery of(VectorMetric metric, float[] vector) {
    return new VectorQuery(metric, metric.prepare(vector));
  }

  public VectorMetric metric() {
    return metric;
  }

  public int dimensions() {
    return vector.length;
  }

  /** The prepared vector; not to be written to. */
  float[] vector() {
    return vector;
  }

  /** The query against a set's cells, best first. */
  Routing routing(CentroidSet centroids) {
    var known = routings.get(centroids.id());
    return known != null
        ? known
        : routings.computeIfAbsent(centroids.id(), id -> routeOver(centroids));
  }

  private Routing routeOver(CentroidSet centroids) {
    var bases = centroids.dots(VectorKernels.best(), vector);
    if (metric == VectorMetric.L2) {
      float half = halfSquare();
      for (int cell = 0; cell < centroids.size(); cell++) {
        bases[cell] = bases[cell] - centroids.halfSquares()[cell] - half;
      }
    }
    var cells = descending(bases, centroids.size());
    return new Routing(
        QuantizedQuery.of(vector, centroids.centre(), centroids.rotation()), bases, cells);
  }

  /** Orders cells by base, in so many classes that it matters little: faster than comparing. */
  private static int[] descending(float[] bases, int size) {
    float greatest = bases[0];
    float least = bases[0];
    for (int cell = 1; cell < size; cell++) {
      greatest = Math.max(greatest, bases[cell]);
      least = Math.min(least, bases[cell]);
    }
    float scale = greatest > least ? (CLASSES - 1) / (greatest - least) : 0;
    var next = new int[CLASSES + 1];
    for (int cell = 0; cell < size; cell++) {
      next[classOf(greatest - bases[cell], scale) + 1]++;
    }
    for (int i = 0; i < CLASSES; i++) {
      next[i + 1] += next[i];
    }
    var cells = new int[size];
    for (int cell = 0; cell < size; cell++) {
      cells[next[classOf(greatest - bases[cell], scale)]++] = cell;
    }
    return cells;
  }

  private static int classOf(float distance, float scale) {
    return Math.min(CLASSES - 1, (int) (distance * scale));
  }

  /** The query against a single cell around {@code centre}. */
  Routing routing(float[] centre, Rotation rotation) {
    var quantized = QuantizedQuery.of(vector, centre, rotation);
    return new Routing(quantized, new float[] {base(VectorKernels.best(), centre, 0)}, ONLY_CELL);
  }

  /** The part of a score that the vectors of one cell share: {@code DESIGN.md}, "base". */
  float base(VectorKernels kernels, float[] centroids, int from) {
    return metric == VectorMetric.L2
        ? -kernels.squaredDistance(vector, 0, centroids, from, vector.length) / 2
        : kernels.dot(vector, 0, centroids, from, vector.length);
  }

  private float halfSquare() {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    return (float) (squares / 2);
  }

  private static final int[] ONLY_CELL = {0};

  /**
   * @param bases what is added to the estimates of each cell
   * @param cells the cells, the most promising first
   */
  record Routing(QuantizedQuery query, float[] bases, int[] cells) {}
}
