package io.mosaicdb.storage.text;

/**
 * The fields of one group that a leaf of a query reads: their places within the group, their
 * numbers in the schema, and their weights, side by side.
 */
record FieldSelection(FieldGroup group, int[] members, int[] fields, double[] weights) {
  boolean isWholeGroup() {
    return members.length == group.size();
  }

  /** The weighted frequency of a posting whose per-field frequencies start at {@code offset}. */
  double weightedFrequency(int[] frequencies, int offset) {
    double sum = 0;
    for (int i = 0; i < members.length; i++) {
      sum += weights[i] * frequencies[offset + members[i]];
    }
    return sum;
  }
}
