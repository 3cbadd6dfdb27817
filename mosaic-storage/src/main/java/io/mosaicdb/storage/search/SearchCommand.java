package io.mosaicdb.storage.search;

import io.mosaicdb.model.filter.Filter;
import io.mosaicdb.storage.facet.Facet;
import io.mosaicdb.storage.text.TextQuery;
import io.mosaicdb.storage.text.WordDemands;
import io.mosaicdb.storage.vector.VectorQuery;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to look for.
 *
 * @param text the word leg, null for none
 * @param vector the vector leg, null for none
 * @param filter what every hit must meet, null for none
 * @param candidates hits a leg returns at most; 0 for none, where only facets are wanted
 * @param minimumScore vector hits below it are left out, null for none
 * @param facets counted over the documents that match the words and meet the filter
 * @param group bounds the hits of each group, null for none
 * @param sort the matching documents are wanted in this order, and no legs; null for none
 * @param plan null: chosen for each segment from statistics
 * @param demands what the words demand by signs, which vector hits must meet too; null for nothing
 * @param routing which shards need not be searched
 */
public record SearchCommand(
    @Nullable TextQuery text,
    @Nullable VectorQuery vector,
    VectorSearchOptions vectorOptions,
    @Nullable Filter filter,
    int candidates,
    @Nullable Double minimumScore,
    Duration timeout,
    List<Facet> facets,
    @Nullable Grouping group,
    @Nullable SortOrder sort,
    @Nullable Plan plan,
    @Nullable WordDemands demands,
    Routing routing) {
  public SearchCommand {
    if (candidates < 0) {
      throw new IllegalArgumentException("candidates must be >= 0, got " + candidates);
    }
    facets = List.copyOf(facets);
  }

  /** One that leaves out no shard. */
  public SearchCommand(
      @Nullable TextQuery text,
      @Nullable VectorQuery vector,
      VectorSearchOptions vectorOptions,
      @Nullable Filter filter,
      int candidates,
      @Nullable Double minimumScore,
      Duration timeout,
      List<Facet> facets,
      @Nullable Grouping group,
      @Nullable SortOrder sort,
      @Nullable Plan plan,
      @Nullable WordDemands demands) {
    this(
        text,
        vector,
        vectorOptions,
        filter,
        candidates,
        minimumScore,
        timeout,
        facets,
        group,
        sort,
        plan,
        demands,
        Routing.EVERYWHERE);
  }

  /** One without facets, groups and order, whose plan is chosen. */
  public SearchCommand(
      @Nullable TextQuery text,
      @Nullable VectorQuery vector,
      VectorSearchOptions vectorOptions,
      @Nullable Filter filter,
      int candidates,
      @Nullable Double minimumScore,
      Duration timeout) {
    this(
        text,
        vector,
        vectorOptions,
        filter,
        candidates,
        minimumScore,
        timeout,
        List.of(),
        null,
        null,
        null,
        null,
        Routing.EVERYWHERE);
  }

  /** The same search for other words. */
  SearchCommand withWords(@Nullable TextQuery words, @Nullable WordDemands demanded) {
    return new SearchCommand(
        words,
        vector,
        vectorOptions,
        filter,
        candidates,
        minimumScore,
        timeout,
        facets,
        group,
        sort,
        plan,
        demanded,
        routing);
  }

  /** Whether all documents that match must be known, not only the best. */
  boolean wantsMatchingSet() {
    return sort != null || !facets.isEmpty() || candidates == 0;
  }
}
