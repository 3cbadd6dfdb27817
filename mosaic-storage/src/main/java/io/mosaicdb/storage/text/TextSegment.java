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
   * This segment's part of what scoring {@code query} needs, counted over the documents in {@code
   * live} (all if null): scores then depend on what is there, not on what was there before.
   */
  CollectionStatistics statistics(TextQuery query, @Nullable OrdinalSet live);

  /** The statistics of all documents. */
  default CollectionStatistics statistics(TextQuery query) {
    return statistics(query, null);
  }

  /**
   * The {@code k} best documents of those in {@code accept} (all if null) that match. Scores are
   * exact BM25 under {@code statistics}, which must have been gathered for the same query.
   */
  ScoredDocuments search(
      TextQuery query, CollectionStatistics statistics, int k, @Nullable OrdinalSet accept);
}
