package io.mosaicdb.storage.text;

import io.mosaicdb.storage.bits.OrdinalSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The words of a set of documents with ordinals {@code [0, documentCount)}. Safe for concurrent
 * use. Two segments that hold the same documents give the same scores, whatever their form.
 */
public interface TextSegment {
  IndexedFields fields();

  int documentCount();

  /** What the dictionaries here have for the beginnings and mistyped words of {@code query}. */
  TermExpansions expansions(TextQuery query);

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
  default ScoredDocuments search(
      TextQuery query, CollectionStatistics statistics, int k, @Nullable OrdinalSet accept) {
    return search(query, statistics, k, accept, 0);
  }

  /**
   * The same without the documents that score less than {@code floor}, which still count as
   * matches: where other segments have given {@code k} better ones, finding less is less work.
   */
  ScoredDocuments search(
      TextQuery query,
      CollectionStatistics statistics,
      int k,
      @Nullable OrdinalSet accept,
      float floor);

  /**
   * The documents that meet what {@code query} demands: all of its {@code must}, none of its {@code
   * mustNot}. For a query without them, all that have any of its words.
   */
  OrdinalSet matching(TextQuery query);

  /**
   * The words that start with {@code prefix}, the most frequent first, at most {@code limit}. The
   * prefix must be as {@link TextAnalysis} leaves words before their inflection is removed.
   */
  List<WordCount> wordsStartingWith(int group, String prefix, int limit);

  /** The words within {@code edits} of {@code word}, itself included, the most frequent first. */
  List<WordCount> wordsNear(int group, String word, int edits, int limit);
}
