package io.mosaicdb.storage.vector;

/** How two vectors are compared. Every metric yields a score of which higher is better. */
public enum VectorMetric {
  /**
   * The cosine of the angle between the vectors, in [-1, 1]. Vectors are scaled to length one when
   * they are indexed and when they are asked for; the zero vector has no direction and is rejected.
   */
  COSINE("cosine"),
  /** The dot product; lengths matter. sqlite-vec has no such distance, its table uses L2. */
  DOT("l2"),
  /** The negated squared Euclidean distance, at most zero. */
  L2("l2");

  /**
   * A vector this close to length one is kept bit for bit, so that preparing twice is preparing
   * once: rounding each component of a unit vector to float moves its length by less.
   */
  private static final double UNIT_TOLERANCE = 1e-6;

  /** Dot products of vectors no longer than this root, and sums of four, are finite floats. */
  private static final double LARGEST_SQUARE = 1e37;

  private final String sqliteVecMetric;

  VectorMetric(String sqliteVecMetric) {
    this.sqliteVecMetric = sqliteVecMetric;
  }

  /** The {@code distance_metric} of the shard's {@code vec0} table. */
  String sqliteVecMetric() {
    return sqliteVecMetric;
  }

  /** The score of two vectors prepared by {@link #prepare}. */
  float score(VectorKernels kernels, float[] left, float[] right, int rightFrom) {
    return this == L2
        ? -kernels.squaredDistance(left, 0, right, rightFrom, left.length)
        : kernels.dot(left, 0, right, rightFrom, left.length);
  }

  /** A score as searches estimate it: for {@link #L2} of half the distance. */
  float estimateOf(float score) {
    return this == L2 ? score / 2 : score;
  }

  /**
   * The vector as it is indexed or asked for: a copy, of length one under {@link #COSINE}.
   *
   * @throws IllegalArgumentException if a component is not finite, the vector is so long that
   *     scores would overflow, or under {@link #COSINE} all components are zero
   */
  public float[] prepare(float[] vector) {
    double squares = 0;
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw new IllegalArgumentException(
            "vector component " + i + " is not finite: " + vector[i]);
      }
      squares += (double) vector[i] * vector[i];
    }
    if (squares > LARGEST_SQUARE) {
      throw new IllegalArgumentException(
          "vector is too long, " + Math.sqrt(squares) + ": scores would overflow");
    }
    var prepared = vector.clone();
    if (this != COSINE) {
      return prepared;
    }
    if (squares == 0) {
      throw new IllegalArgumentException(
          "vector must not be all zeros: it has no direction, and cosine compares directions");
    }
    double length = Math.sqrt(squares);
    if (Math.abs(length - 1) > UNIT_TOLERANCE) {
      for (int i = 0; i < prepared.length; i++) {
        prepared[i] = (float) (prepared[i] / length);
      }
    }
    return prepared;
  }
}
