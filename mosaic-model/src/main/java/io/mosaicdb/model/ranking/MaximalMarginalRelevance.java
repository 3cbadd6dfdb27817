package io.mosaicdb.model.ranking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Orders hits so that they differ from each other: each next one has the greatest lambda ·
 * relevance - (1 - lambda) · similarity, where similarity is the greatest cosine to a hit that is
 * placed before it (Carbonell and Goldstein, SIGIR 1998). Relevance is the score, scaled to 0..1
 * over the hits. Scores stay what they are; only the order changes.
 *
 * @param lambda 1 is relevance alone, 0 is difference alone
 */
public record MaximalMarginalRelevance(double lambda) {
  private static final float[] NOTHING = new float[0];

  public MaximalMarginalRelevance {
    if (!(lambda >= 0 && lambda <= 1)) {
      throw new IllegalArgumentException("lambda must be between 0 and 1, got " + lambda);
    }
  }

  /**
   * The same hits in another order. Ties go to the hit that was before.
   *
   * @param hits best first
   * @param vectors a hit's vector, by id; one without a vector resembles nothing
   */
  public List<RankedHit> order(List<RankedHit> hits, Function<String, float @Nullable []> vectors) {
    int size = hits.size();
    var units = new float[size][];
    var relevance = new double[size];
    scaleScores(hits, relevance);
    for (int i = 0; i < size; i++) {
      units[i] = unit(vectors.apply(hits.get(i).id()));
    }
    var nearest = new double[size];
    Arrays.fill(nearest, Double.NEGATIVE_INFINITY);
    var placed = new boolean[size];
    var ordered = new ArrayList<RankedHit>(size);
    while (ordered.size() < size) {
      int next = best(relevance, nearest, placed);
      placed[next] = true;
      ordered.add(hits.get(next));
      for (int i = 0; i < size; i++) {
        if (!placed[i]) {
          nearest[i] = Math.max(nearest[i], dot(units[i], units[next]));
        }
      }
    }
    return ordered;
  }

  private int best(double[] relevance, double[] nearest, boolean[] placed) {
    int best = -1;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < placed.length; i++) {
      if (placed[i]) {
        continue;
      }
      double similarity = nearest[i] == Double.NEGATIVE_INFINITY ? 0 : nearest[i];
      double value = lambda * relevance[i] - (1 - lambda) * similarity;
      if (best < 0 || value > most) {
        best = i;
        most = value;
      }
    }
    return best;
  }

  private static void scaleScores(List<RankedHit> hits, double[] relevance) {
    double most = Double.NEGATIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;
    for (var hit : hits) {
      most = Math.max(most, hit.score());
      least = Math.min(least, hit.score());
    }
    for (int i = 0; i < relevance.length; i++) {
      relevance[i] = most == least ? 1 : (hits.get(i).score() - least) / (most - least);
    }
  }

  private static float[] unit(float @Nullable [] vector) {
    if (vector == null) {
      return NOTHING;
    }
    double length = Math.sqrt(dot(vector, vector));
    if (length == 0) {
      return NOTHING;
    }
    var unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }

  private static double dot(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < Math.min(one.length, other.length); i++) {
      sum += (double) one[i] * other[i];
    }
    return sum;
  }
}
