package io.mosaicdb.storage.facet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to count of one column ({@link io.mosaicdb.model.filter.ColumnName#name()}). Times are
 * milliseconds since 1970-01-01T00:00Z, booleans 0 and 1.
 */
public sealed interface Facet {
  String column();

  /** Documents by value. */
  record Values(String column) implements Facet {}

  /** Documents by numbers from {@code offset + n * interval} to below the next. */
  record Histogram(String column, double interval, double offset) implements Facet {
    public Histogram {
      if (!(interval > 0 && Double.isFinite(interval) && Double.isFinite(offset))) {
        throw new IllegalArgumentException(
            "interval must be > 0 and both finite, got " + interval + " and " + offset);
      }
    }
  }

  /** Documents by time. */
  record DateHistogram(String column, TimeBuckets buckets) implements Facet {}

  /** Documents with a value in each of these ranges, which may overlap. */
  record Ranges(String column, List<Range> ranges) implements Facet {
    public Ranges {
      ranges = List.copyOf(ranges);
    }
  }

  /** From {@code from} to below {@code to}, both Long or both Double; null is open. */
  record Range(@Nullable Number from, @Nullable Number to) {}

  /** The least, the greatest and the sum of all values. */
  record Statistics(String column) implements Facet {}
}
