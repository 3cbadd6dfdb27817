package io.mosaicdb.storage.text;

import io.mosaicdb.storage.bits.OrdinalSet;
import org.jspecify.annotations.Nullable;

/**
 * The words of a set of documents with ordinals {@code [0, documentCount)}. Safe for concurrent
 * use. Two segments that hold the same documents give the same scores, whatever their form.
 */
public interface TextSegment {
  IndexedFields fields();

  int documentCount();

  /**
   * This segment's part of what scoring {@code query} needs. Documents deleted since the segment
   * began still count.
   */
  CollectionStatistics statistics(TextQuery query);

  /**
   * The {@code k} best documents of those in {@code accept} (all if null) that match. Scores are
   * exact BM25 under {@code statistics}, which must have been gathered for the same query.
   */
  ScoredDocuments search(
      TextQuery query, CollectionStatistics statistics, int k, @Nullable OrdinalSet accept);
}
