package io.mosaicdb.storage.vector;

import java.util.Arrays;
import java.util.Objects;
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

  /**
   * How near the query is to a point that is no vector of a document, such as a mean: the cosine,
   * the dot product, or 1 / (1 + d²), as the scores of hits are given.
   */
  public double similarityTo(float[] point) {
    double dot = 0;
    double squares = 0;
    double distance = 0;
    for (int i = 0; i < vector.length; i++) {
      double difference = vector[i] - point[i];
      dot += (double) vector[i] * point[i];
      squares += (double) point[i] * point[i];
      distance += difference * difference;
    }
    return switch (metric) {
      case COSINE -> squares == 0 ? 0 : dot / Math.sqrt(squares);
      case DOT -> dot;
      case L2 -> 1 / (1 + distance);
    };
  }

  /** The prepared vector; not to be written to. */
  float[] vector() {
    return vector;
  }

  /**
   * The query against a set's cells, best first.
   *
   * @param near how many of the best are certainly wanted: so many at least have their bases
   */
  Routing routing(CentroidSet centroids, int near) {
    var known = routings.get(centroids.id());
    if (known != null && known.ranked() >= Math.min(near, centroids.size())) {
      return known;
    }
    return Objects.requireNonNull(
        routings.compute(
            centroids.id(),
            (_, present) -> {
              if (present == null) {
                return routeOver(centroids, near);
              }
              return present.ranked() >= Math.min(near, centroids.size())
                  ? present
                  : ranked(centroids, present);
            }));
  }

  private Routing routeOver(CentroidSet centroids, int near) {
    var query = QuantizedQuery.of(vector, centroids.centre(), centroids.rotation());
    int close = near + near / 4 + 16;
    if (centroids.size() < CentroidCodes.FEWEST || close > centroids.size() * 3 / 4) {
      var bases = bases(centroids);
      var cells = new int[centroids.size()];
      Arrays.setAll(cells, cell -> cell);
      sort(cells, 0, cells.length, bases);
      return new Routing(query, bases, cells, cells.length);
    }
    // Estimates tell which cells are worth a dot product; these are ranked by it.
    var kernels = VectorKernels.best();
    var bases = centroids.estimates(kernels, metric, query);
    var cells = new int[centroids.size()];
    Arrays.setAll(cells, cell -> cell);
    sort(cells, 0, cells.length, bases);
    var dots = centroids.dots(kernels, vector, cells, close);
    float half = metric == VectorMetric.L2 ? halfSquare() : 0;
    for (int i = 0; i < close; i++) {
      int cell = cells[i];
      bases[cell] =
          metric == VectorMetric.L2 ? dots[i] - centroids.halfSquares()[cell] - half : dots[i];
    }
    sort(cells, 0, close, bases);
    return new Routing(query, bases, cells, close);
  }

  /** The same routing with all bases: the cells ranked already stay where they are. */
  private Routing ranked(CentroidSet centroids, Routing routing) {
    var bases = bases(centroids);
    for (int i = 0; i < routing.ranked(); i++) {
      bases[routing.cells()[i]] = routing.bases()[routing.cells()[i]];
    }
    var cells = routing.cells().clone();
    sort(cells, routing.ranked(), cells.length, bases);
    return new Routing(routing.query(), bases, cells, cells.length);
  }

  private float[] bases(CentroidSet centroids) {
    var bases = centroids.dots(VectorKernels.best(), vector);
    if (metric == VectorMetric.L2) {
      float half = halfSquare();
      for (int cell = 0; cell < centroids.size(); cell++) {
        bases[cell] = bases[cell] - centroids.halfSquares()[cell] - half;
      }
    }
    return bases;
  }

  /**
   * Orders some of the cells by base, in so many classes that it matters little: faster than
   * comparing.
   */
  private static void sort(int[] cells, int from, int to, float[] bases) {
    if (from == to) {
      return;
    }
    float greatest = bases[cells[from]];
    float least = greatest;
    for (int i = from + 1; i < to; i++) {
      greatest = Math.max(greatest, bases[cells[i]]);
      least = Math.min(least, bases[cells[i]]);
    }
    float scale = greatest > least ? (CLASSES - 1) / (greatest - least) : 0;
    var next = new int[CLASSES + 1];
    for (int i = from; i < to; i++) {
      next[classOf(greatest - bases[cells[i]], scale) + 1]++;
    }
    for (int i = 0; i < CLASSES; i++) {
      next[i + 1] += next[i];
    }
    var unordered = Arrays.copyOfRange(cells, from, to);
    for (int cell : unordered) {
      cells[from + next[classOf(greatest - bases[cell], scale)]++] = cell;
    }
  }

  private static int classOf(float distance, float scale) {
    return Math.min(CLASSES - 1, (int) (distance * scale));
  }

  /** The query against a single cell around {@code centre}. */
  Routing routing(float[] centre, Rotation rotation) {
    var quantized = QuantizedQuery.of(vector, centre, rotation);
    return new Routing(
        quantized, new float[] {base(VectorKernels.best(), centre, 0)}, ONLY_CELL, 1);
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
   * @param ranked so many of them have their bases; those of the others are estimates, by which
   *     they are ordered
   */
  record Routing(QuantizedQuery query, float[] bases, int[] cells, int ranked) {}
}
