package io.mosaicdb.storage.vector;

import java.util.Arrays;
import java.util.Random;

/** Lloyd's k-means over a sample held in memory, by squared Euclidean distance. */
final class KMeans {
  private KMeans() {}

  /**
   * The centroids, one after the other. Starts from distinct sampled vectors; a cell that loses all
   * its vectors takes the one that lies farthest from its own centroid.
   */
  static float[] train(float[][] sample, int cells, int rounds, Random random) {
    int dimensions = sample[0].length;
    var centroids = seeds(sample, cells, random);
    var assigned = new int[sample.length];
    var gains = new float[sample.length];
    var centre = CentroidSet.meanOf(sample);
    var queries = cells < CentroidCodes.FEWEST ? null : queries(sample, centre);
    for (int round = 0; round < rounds; round++) {
      if (queries == null) {
        assign(sample, centroids, cells, assigned, gains);
      } else {
        assignByCodes(sample, queries, centre, centroids, cells, assigned, gains);
      }
      update(sample, centroids, cells, dimensions, assigned, gains);
    }
    return centroids;
  }

  private static float[] seeds(float[][] sample, int cells, Random random) {
    int dimensions = sample[0].length;
    var order = new int[sample.length];
    Arrays.setAll(order, i -> i);
    var seeds = new float[cells * dimensions];
    for (int cell = 0; cell < cells; cell++) {
      int other = cell + random.nextInt(order.length - cell);
      int chosen = order[other];
      order[other] = order[cell];
      System.arraycopy(sample[chosen], 0, seeds, cell * dimensions, dimensions);
    }
    return seeds;
  }

  /** Finds each vector's cell, and its dot product minus half the centroid's square. */
  private static void assign(
      float[][] sample, float[] centroids, int cells, int[] assigned, float[] gains) {
    var kernels = VectorKernels.best();
    int dimensions = sample[0].length;
    var columns = CentroidSet.columnsOf(centroids, cells, dimensions);
    var halfSquares = CentroidSet.halfSquaresOf(centroids, cells, dimensions);
    var dots = new float[halfSquares.length];
    for (int i = 0; i < sample.length; i++) {
      kernels.columnDots(sample[i], columns, dots.length / VectorKernels.COLUMNS, dots);
      int cell = CentroidSet.nearest(dots, halfSquares, cells);
      assigned[i] = cell;
      gains[i] = dots[cell] - halfSquares[cell];
    }
  }

  private static QuantizedQuery[] queries(float[][] sample, float[] centre) {
    var rotation = new Rotation(centre.length);
    var queries = new QuantizedQuery[sample.length];
    Arrays.setAll(queries, i -> QuantizedQuery.of(sample[i], centre, rotation).withoutFloats());
    return queries;
  }

  /** The same with few dot products a vector instead of one a centroid. */
  private static void assignByCodes(
      float[][] sample,
      QuantizedQuery[] queries,
      float[] centre,
      float[] centroids,
      int cells,
      int[] assigned,
      float[] gains) {
    var kernels = VectorKernels.best();
    var codes = new CentroidCodes(VectorMetric.L2, centre, centroids, cells);
    var halfSquares = CentroidSet.halfSquaresOf(centroids, cells, centre.length);
    var gain = new float[1];
    for (int i = 0; i < sample.length; i++) {
      assigned[i] = codes.nearest(kernels, queries[i], sample[i], centroids, halfSquares, gain);
      gains[i] = gain[0];
    }
  }

  private static void update(
      float[][] sample,
      float[] centroids,
      int cells,
      int dimensions,
      int[] assigned,
      float[] gains) {
    var sums = new double[cells * dimensions];
    var counts = new int[cells];
    for (int i = 0; i < sample.length; i++) {
      counts[assigned[i]]++;
      int to = assigned[i] * dimensions;
      for (int d = 0; d < dimensions; d++) {
        sums[to + d] += sample[i][d];
      }
    }
    for (int cell = 0; cell < cells; cell++) {
      int to = cell * dimensions;
      if (counts[cell] == 0) {
        System.arraycopy(sample[takeFarthest(sample, gains)], 0, centroids, to, dimensions);
        continue;
      }
      for (int d = 0; d < dimensions; d++) {
        centroids[to + d] = (float) (sums[to + d] / counts[cell]);
      }
    }
  }

  /** The vector with the greatest distance, which is then no candidate any more. */
  private static int takeFarthest(float[][] sample, float[] gains) {
    int farthest = 0;
    double greatest = -1;
    for (int i = 0; i < sample.length; i++) {
      double squares = 0;
      for (float value : sample[i]) {
        squares += (double) value * value;
      }
      double distance = squares / 2 - gains[i];
      if (gains[i] != Float.POSITIVE_INFINITY && distance > greatest) {
        greatest = distance;
        farthest = i;
      }
    }
    gains[farthest] = Float.POSITIVE_INFINITY;
    return farthest;
  }
}
