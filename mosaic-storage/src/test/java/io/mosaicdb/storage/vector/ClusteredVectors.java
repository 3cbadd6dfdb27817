package io.mosaicdb.storage.vector;

import java.util.Arrays;
import java.util.Random;

/** Vectors in a cone and in clusters, as embeddings are, from a seed. */
final class ClusteredVectors {
  private final Random random;
  private final float[] axis;
  private final float[][] clusters;

  ClusteredVectors(int dimensions, int clusters, long seed) {
    this.random = new Random(seed);
    this.axis = gaussian(dimensions, .7);
    this.clusters = new float[clusters][];
    for (int i = 0; i < clusters; i++) {
      this.clusters[i] = gaussian(dimensions, .5);
    }
  }

  /** Of length about one. */
  float[] next() {
    var vector = gaussian(axis.length, .5);
    var cluster = clusters[random.nextInt(clusters.length)];
    for (int d = 0; d < vector.length; d++) {
      vector[d] += axis[d] + cluster[d];
    }
    return vector;
  }

  float[][] next(int count) {
    var vectors = new float[count][];
    Arrays.setAll(vectors, i -> next());
    return vectors;
  }

  private float[] gaussian(int dimensions, double length) {
    var vector = new float[dimensions];
    for (int d = 0; d < dimensions; d++) {
      vector[d] = (float) (random.nextGaussian() * length / Math.sqrt(dimensions));
    }
    return vector;
  }
}
