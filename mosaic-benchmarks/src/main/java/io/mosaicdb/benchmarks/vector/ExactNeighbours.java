package io.mosaicdb.benchmarks.vector;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The true nearest neighbours by dot product, computed by comparing everything with everything. */
record ExactNeighbours(int[][] ordinals, double[][] scores) {
  static ExactNeighbours of(List<float[]> vectors, float[][] queries, int k) {
    var ordinals = new int[queries.length][];
    var scores = new double[queries.length][];
    IntStream.range(0, queries.length)
        .parallel()
        .forEach(i -> {
          var all = new double[vectors.size()];
          for (int j = 0; j < all.length; j++) {
            all[j] = dot(queries[i], vectors.get(j));
          }
          var sorted = all.clone();
          Arrays.sort(sorted);
          double least = sorted[sorted.length - k];
          ordinals[i] =
              IntStream.range(0, all.length)
                  .filter(j -> all[j] >= least)
                  .boxed()
                  .sorted((a, b) -> Double.compare(all[b], all[a]))
                  .limit(k)
                  .mapToInt(j -> j)
                  .toArray();
          scores[i] = IntStream.of(ordinals[i]).mapToDouble(j -> all[j]).toArray();
        });
    return new ExactNeighbours(ordinals, scores);
  }

  double meanScore(int rank) {
    return Arrays.stream(scores).mapToDouble(row -> row[rank]).average().orElse(0);
  }

  private static double dot(float[] left, float[] right) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 1 < left.length; i += 2) {
      even += (double) left[i] * right[i];
      odd += (double) left[i + 1] * right[i + 1];
    }
    return i < left.length ? even + odd + (double) left[i] * right[i] : even + odd;
  }
}
