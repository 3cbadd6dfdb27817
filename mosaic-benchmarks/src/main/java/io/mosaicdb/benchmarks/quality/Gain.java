package io.mosaicdb.benchmarks.quality;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Discounted cumulative gain with the judgement itself as gain, as trec_eval computes it. */
final class Gain {
  private Gain() {}

  /**
   * nDCG of the first {@code depth} of a ranking.
   *
   * @param judgements by document; those that are not above 0 gain nothing, at least one is
   */
  static double normalized(List<String> ranking, Map<String, Integer> judgements, int depth) {
    double gain = 0;
    for (int i = 0; i < Math.min(depth, ranking.size()); i++) {
      gain += discounted(judgements.getOrDefault(ranking.get(i), 0), i);
    }
    var ideal = judgements.values().stream().sorted(Comparator.reverseOrder()).toList();
    double most = 0;
    for (int i = 0; i < Math.min(depth, ideal.size()); i++) {
      most += discounted(ideal.get(i), i);
    }
    return gain / most;
  }

  private static double discounted(int judgement, int index) {
    return Math.max(0, judgement) * Math.log(2) / Math.log(index + 2);
  }
}
