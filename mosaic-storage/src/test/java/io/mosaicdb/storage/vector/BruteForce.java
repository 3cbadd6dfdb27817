package io.mosaicdb.storage.vector;

import java.util.Comparator;
import java.util.HashSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The true answer, computed in double from the definition of each metric. */
final class BruteForce {
  private BruteForce() {}

  static int[] best(
      VectorMetric metric, float[][] vectors, float[] query, int k, IntPredicate accept) {
    var scores = new double[vectors.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = score(metric, vectors[i], query);
    }
    return IntStream.range(0, scores.length)
        .filter(accept)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]).thenComparing(i -> i))
        .limit(k)
        .mapToInt(i -> i)
        .toArray();
  }

  static double score(VectorMetric metric, float[] left, float[] right) {
    double dot = 0;
    double leftSquares = 0;
    double rightSquares = 0;
    for (int d = 0; d < left.length; d++) {
      dot += (double) left[d] * right[d];
      leftSquares += (double) left[d] * left[d];
      rightSquares += (double) right[d] * right[d];
    }
    return switch (metric) {
      case COSINE -> dot / Math.sqrt(leftSquares * rightSquares);
      case DOT -> dot;
      case L2 -> 2 * dot - leftSquares - rightSquares;
    };
  }

  /** The share of the true results that were found. */
  static double recall(int[] truth, int[] found) {
    var hits = new HashSet<Integer>();
    for (int ordinal : found) {
      hits.add(ordinal);
    }
    long common = IntStream.of(truth).filter(hits::contains).count();
    return truth.length == 0 ? 1 : (double) common / truth.length;
  }
}
