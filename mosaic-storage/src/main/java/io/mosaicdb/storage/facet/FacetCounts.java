package io.mosaicdb.storage.facet;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was counted of one facet. Counts of several segments, partitions and workers are added with
 * {@link #plus}.
 *
 * @param counts documents by value (String, Long or Double), by start of the bucket (Long or
 *     Double), or by number of the range (Long); empty for statistics
 * @param statistics of the values, null for other facets
 * @param isComplete whether {@code counts} has every value that occurs
 */
public record FacetCounts(
    Map<Object, Long> counts, @Nullable Statistics statistics, boolean isComplete) {
  /** Values of one facet that are kept; the others are rarer. */
  public static final int MOST_VALUES = 100_000;

  public static final FacetCounts NONE = new FacetCounts(Map.of(), null, true);

  /** {@code values} counts values, of which a document may have several. */
  public record Statistics(long values, double least, double greatest, double sum) {
    Statistics plus(Statistics other) {
      return new Statistics(
          values + other.values,
          Math.min(least, other.least),
          Math.max(greatest, other.greatest),
          sum + other.sum);
    }
  }

  /** One line of the answer. */
  public record Count(Object value, long count) {
    /** The most frequent first, then by value; values of one facet are of one type. */
    public static final Comparator<Count> MOST_FIRST =
        Comparator.comparingLong(Count::count).reversed().thenComparing(Count::compareValues);

    public static final Comparator<Count> BY_VALUE = Count::compareValues;

    @SuppressWarnings("unchecked")
    private int compareValues(Count other) {
      return ((Comparable<Object>) value).compareTo(other.value);
    }
  }

  public FacetCounts plus(FacetCounts other) {
    if (counts.isEmpty() && statistics == null && isComplete) {
      return other;
    }
    if (other.counts.isEmpty() && other.statistics == null && other.isComplete) {
      return this;
    }
    var sum = new HashMap<>(counts.size() > other.counts.size() ? counts : other.counts);
    (counts.size() > other.counts.size() ? other.counts : counts)
        .forEach((value, count) -> sum.merge(value, count, Long::sum));
    var both =
        statistics == null
            ? other.statistics
            : other.statistics == null ? statistics : statistics.plus(other.statistics);
    return new FacetCounts(sum, both, isComplete && other.isComplete);
  }

  /** The {@code most} most frequent values. */
  public FacetCounts cutTo(int most) {
    if (counts.size() <= most) {
      return this;
    }
    var kept = new HashMap<Object, Long>();
    sorted(Count.MOST_FIRST).stream()
        .limit(most)
        .forEach(count -> kept.put(count.value(), count.count()));
    return new FacetCounts(kept, statistics, false);
  }

  public List<Count> sorted(Comparator<Count> order) {
    return counts.entrySet().stream()
        .map(entry -> new Count(entry.getKey(), entry.getValue()))
        .sorted(order)
        .toList();
  }
}
