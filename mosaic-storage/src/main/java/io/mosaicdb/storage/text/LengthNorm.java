package io.mosaicdb.storage.text;

/** How long a document is against the average, as BM25 counts it; for one selection of fields. */
final class LengthNorm {
  private final int[][] lengths;
  private final double[] weights;
  private final double base = Bm25.K1 * (1 - Bm25.B);
  private final double slope;

  /** {@code lengths[i][ordinal]} are the lengths in the i-th selected field. */
  private LengthNorm(int[][] lengths, double[] weights, double average) {
    this.lengths = lengths;
    this.weights = weights;
    this.slope = average > 0 ? Bm25.K1 * Bm25.B / average : 0;
  }

  static LengthNorm of(
      FieldSelection selection,
      int[][] lengthsByField,
      IndexedFields fields,
      CollectionStatistics statistics) {
    double total = 0;
    var lengths = new int[selection.fields().length][];
    for (int i = 0; i < lengths.length; i++) {
      int field = selection.fields()[i];
      lengths[i] = lengthsByField[field];
      total += selection.weights()[i] * statistics.fieldLength(fields.fields().get(field).name());
    }
    return new LengthNorm(
        lengths, selection.weights(), total / Math.max(1, statistics.documents()));
  }

  double of(int ordinal) {
    double length = 0;
    for (int i = 0; i < weights.length; i++) {
      length += weights[i] * lengths[i][ordinal];
    }
    return base + slope * length;
  }

  /**
   * How far an impact under this norm may be from the same under {@code other}, which differs in
   * the average length alone. With norms whose ratio is at most r, tf / (tf + norm) differs most
   * where norm is tf / sqrt(r): by (sqrt(r) - 1) / (sqrt(r) + 1).
   */
  double greatestDifference(LengthNorm other) {
    double least = Math.min(slope, other.slope);
    double most = Math.max(slope, other.slope);
    if (least == most) {
      return 0;
    }
    double root = least > 0 ? Math.sqrt(most / least) : Double.POSITIVE_INFINITY;
    return Double.isInfinite(root) ? 1 : (root - 1) / (root + 1);
  }
}
