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
}
