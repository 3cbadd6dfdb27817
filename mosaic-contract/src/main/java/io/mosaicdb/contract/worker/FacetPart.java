package io.mosaicdb.contract.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one worker counted of one facet.
 *
 * @param counts by value, start of the bucket, or number of the range; times are milliseconds since
 *     1970-01-01T00:00Z, booleans 0 and 1
 * @param statistics null for other facets, and where no document has a value
 * @param exact whether these counts are whole; not so where a shard is missing
 * @param complete whether rarer values were left out
 */
public record FacetPart(
    List<CountPart> counts, @Nullable StatisticsPart statistics, boolean exact, boolean complete) {
  /** Values beyond these, the most frequent, stay with the worker. */
  public static final int MOST_VALUES = 10_000;

  public record CountPart(Object value, long count) {}

  public record StatisticsPart(long values, double least, double greatest, double sum) {}
}
