package io.mosaicdb.storage.text;

import java.util.List;

/** How a leaf of a query scores under given statistics, the same in every form of segment. */
record ScoredLeaf(TextQuery.Leaf leaf, FieldSelection selection, double weight, LengthNorm norm) {
  static List<ScoredLeaf> of(
      TextQuery query, CollectionStatistics statistics, IndexedFields fields, int[][] lengths) {
    return query.scoringLeaves().entrySet().stream()
        .map(entry -> {
          var leaf = entry.getKey();
          var selection = fields.select(leaf.fields(), query.weights());
          return new ScoredLeaf(
              leaf,
              selection,
              statistics.idf(leaf) * entry.getValue(),
              LengthNorm.of(selection, lengths, fields, statistics));
        })
        .toList();
  }

  double score(int ordinal, int[] frequencies, int at) {
    return weight * Bm25.impact(selection.weightedFrequency(frequencies, at), norm.of(ordinal));
  }
}
