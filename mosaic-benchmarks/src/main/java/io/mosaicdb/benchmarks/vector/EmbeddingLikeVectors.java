package io.mosaicdb.benchmarks.vector;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of length one that are distributed like the embeddings of text, from a seed.
 *
 * <p>What makes embeddings hard or easy to index was measured on 100,000 passages embedded with
 * bge-small: they lie in a cone (the mean of unit vectors has length .72, two random passages have
 * cosine .52), their spectrum decays, and they cluster at several scales (nearest neighbour .82,
 * tenth .75), but loosely: 4 of 316 k-means cells hold .65 of the true ten best, 64 cells .965; and
 * the hundred best one-bit codes hold .992 of them. A vector here is the cone's axis plus a theme
 * of each of three pools, a subtopic, and a part of its own, all drawn with decaying variances;
 * with these constants 4 cells hold .53, 64 cells .970, and the hundred best codes .992.
 */
public final class EmbeddingLikeVectors {
  private static final double AXIS = .72;
  private static final double DECAY = .75;
  private static final int POOLS = 3;
  private static final int THEMES = 70;
  private static final double THEME = .115;
  private static final double SUBTOPIC = .14;
  private static final int VECTORS_PER_SUBTOPIC = 12;
  private static final double SPREAD = 1.3;

  private final Random random;
  private final int dimensions;
  private final double[] deviations;
  private final double[] axis;
  private final int[] signs;
  private final double[][] subtopics;

  public EmbeddingLikeVectors(int dimensions, int expectedVectors, long seed) {
    this.random = new Random(seed);
    this.dimensions = dimensions;
    this.deviations = decayingDeviations();
    this.signs = random.ints(dimensions, 0, 2).map(bit -> 2 * bit - 1).toArray();
    this.axis = scaled(gaussian(null), AXIS);
    int subtopicCount = Math.max(8, expectedVectors / VECTORS_PER_SUBTOPIC);
    var themes = new double[POOLS][THEMES][];
    for (var pool : themes) {
      for (int i = 0; i < THEMES; i++) {
        pool[i] = scaled(gaussian(deviations), Math.sqrt(THEME));
      }
    }
    this.subtopics = new double[subtopicCount][];
    for (int i = 0; i < subtopicCount; i++) {
      var own = scaled(gaussian(deviations), Math.sqrt(SUBTOPIC));
      for (var pool : themes) {
        var theme = pool[skewed(THEMES)];
        for (int d = 0; d < dimensions; d++) {
          own[d] += theme[d];
        }
      }
      subtopics[i] = own;
    }
  }

  public float[] next() {
    int subtopic = skewed(subtopics.length);
    double ownShare = (1 - POOLS * THEME - SUBTOPIC) * (1 + SPREAD * (random.nextDouble() - .5));
    var residual = scaled(gaussian(deviations), Math.sqrt(ownShare));
    for (int d = 0; d < dimensions; d++) {
      residual[d] += subtopics[subtopic][d];
    }
    mix(residual);
    scaled(residual, Math.sqrt(1 - AXIS * AXIS));
    var vector = new double[dimensions];
    for (int d = 0; d < dimensions; d++) {
      vector[d] = axis[d] + residual[d];
    }
    scaled(vector, 1);
    var floats = new float[dimensions];
    for (int d = 0; d < dimensions; d++) {
      floats[d] = (float) vector[d];
    }
    return floats;
  }

  float[][] next(int count) {
    var vectors = new float[count][];
    for (int i = 0; i < count; i++) {
      vectors[i] = next();
    }
    return vectors;
  }

  /** A few components vary much, most little, in random places. */
  private double[] decayingDeviations() {
    var result = new double[dimensions];
    for (int d = 0; d < dimensions; d++) {
      result[d] = Math.pow(1 + d, -DECAY / 2);
    }
    for (int d = dimensions - 1; d > 0; d--) {
      int other = random.nextInt(d + 1);
      double swapped = result[d];
      result[d] = result[other];
      result[other] = swapped;
    }
    return result;
  }

  /**
   * Turns the variances away from the coordinates, as a model's last layer does: Walsh-Hadamard
   * transforms of both ends in turn.
   */
  private void mix(double[] values) {
    int block = Integer.highestOneBit(dimensions);
    for (int round = 0; round < 3; round++) {
      int from = round == 1 ? dimensions - block : 0;
      for (int half = 1; half < block; half *= 2) {
        for (int i = from; i < from + block; i++) {
          if (((i - from) & half) == 0) {
            double left = values[i] * signs[i] / Math.sqrt(2);
            double right = values[i + half] * signs[i + half] / Math.sqrt(2);
            values[i] = left + right;
            values[i + half] = left - right;
          }
        }
      }
    }
  }

  private double[] gaussian(double @Nullable [] scales) {
    var result = new double[dimensions];
    for (int d = 0; d < dimensions; d++) {
      result[d] = random.nextGaussian() * (scales == null ? 1 : scales[d]);
    }
    return result;
  }

  private static double[] scaled(double[] vector, double length) {
    double squares = 0;
    for (double value : vector) {
      squares += value * value;
    }
    double scale = length / Math.sqrt(squares);
    for (int d = 0; d < vector.length; d++) {
      vector[d] *= scale;
    }
    return vector;
  }

  /** Low indexes are a few times as likely as high ones. */
  private int skewed(int count) {
    return (int) (count * Math.pow(random.nextDouble(), 1.5));
  }
}
