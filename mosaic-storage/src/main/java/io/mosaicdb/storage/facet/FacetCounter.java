package io.mosaicdb.storage.facet;

import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.facet.FacetCounts.Statistics;
import io.mosaicdb.storage.filter.ColumnView;
import io.mosaicdb.storage.segment.Segment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** Counts facets over documents of one segment. */
public final class FacetCounter {
  private FacetCounter() {}

  /**
   * @param documents those that count, null: all
   * @throws io.mosaicdb.storage.segment.SegmentReadException if the segment cannot be read
   */
  public static FacetCounts count(Segment segment, Facet facet, @Nullable OrdinalSet documents) {
    var column = segment.column(facet.column());
    if (column.isEmpty()) {
      return FacetCounts.NONE;
    }
    var view = column.get();
    return switch (facet) {
      case Facet.Values _ -> values(view, documents).cutTo(FacetCounts.MOST_VALUES);
      case Facet.Histogram histogram -> histogram(view, histogram, documents);
      case Facet.DateHistogram histogram -> dates(view, histogram.buckets(), documents);
      case Facet.Ranges ranges -> ranges(view, ranges.ranges(), documents);
      case Facet.Statistics _ -> statistics(view, documents);
    };
  }

  private static FacetCounts values(ColumnView view, @Nullable OrdinalSet documents) {
    return switch (view) {
      case ColumnView.Texts texts -> words(texts, documents);
      case ColumnView.Integers integers ->
          byLong(view, documents, entry -> integers.values()[entry]);
      // + 0.0 makes -0.0 the same value as 0.0, as filters have it.
      case ColumnView.Decimals decimals ->
          byDouble(view, documents, entry -> decimals.values()[entry] + 0.0);
      case ColumnView.Places _ -> throw unfit(view);
    };
  }

  private static FacetCounts words(ColumnView.Texts texts, @Nullable OrdinalSet documents) {
    var counts = new int[texts.distinct()];
    // The document, plus one, that was counted last: an array may repeat a value.
    var counted = new int[texts.distinct()];
    for (int i = 0; i < texts.entries(); i++) {
      int ordinal = texts.ordinals()[i];
      int code = texts.codes()[i];
      if (counted[code] != ordinal + 1 && (documents == null || documents.contains(ordinal))) {
        counted[code] = ordinal + 1;
        counts[code]++;
      }
    }
    var found = new HashMap<Object, Long>();
    for (int code = 0; code < counts.length; code++) {
      if (counts[code] > 0) {
        found.put(texts.dictionary()[code], (long) counts[code]);
      }
    }
    return new FacetCounts(found, null, true);
  }

  private static FacetCounts histogram(
      ColumnView view, Facet.Histogram facet, @Nullable OrdinalSet documents) {
    double interval = facet.interval();
    double offset = facet.offset();
    return switch (view) {
      case ColumnView.Integers integers when isWhole(interval) && isWhole(offset) -> {
        long width = (long) interval;
        long start = (long) offset;
        yield byLong(view, documents, entry -> bucket(integers.values()[entry], width, start));
      }
      case ColumnView.Integers integers ->
          byDouble(
              view,
              documents,
              entry -> bucket((double) integers.values()[entry], interval, offset));
      case ColumnView.Decimals decimals ->
          byDouble(view, documents, entry -> bucket(decimals.values()[entry], interval, offset));
      case ColumnView.Texts _, ColumnView.Places _ -> throw unfit(view);
    };
  }

  private static boolean isWhole(double number) {
    return number == Math.rint(number) && Math.abs(number) < 0x1p53;
  }

  /** Saturates where the bucket would start beyond the least integer. */
  private static long bucket(long value, long width, long start) {
    long within = Math.floorMod(Math.floorMod(value, width) - Math.floorMod(start, width), width);
    return value < Long.MIN_VALUE + within ? Long.MIN_VALUE : value - within;
  }

  private static double bucket(double value, double interval, double offset) {
    return Math.floor((value - offset) / interval) * interval + offset + 0.0;
  }

  private static FacetCounts dates(
      ColumnView view, TimeBuckets buckets, @Nullable OrdinalSet documents) {
    return view instanceof ColumnView.Integers times
        ? byLong(view, documents, entry -> buckets.start(times.values()[entry]))
        : unfitted(view);
  }

  private static FacetCounts ranges(
      ColumnView view, List<Facet.Range> ranges, @Nullable OrdinalSet documents) {
    var counts = new HashMap<Object, Long>();
    for (int number = 0; number < ranges.size(); number++) {
      var range = ranges.get(number);
      int found = 0;
      int counted = -1;
      for (int i = 0; i < view.entries(); i++) {
        int ordinal = view.ordinals()[i];
        if (ordinal != counted
            && (documents == null || documents.contains(ordinal))
            && isIn(range, view, i)) {
          counted = ordinal;
          found++;
        }
      }
      counts.put((long) number, (long) found);
    }
    return new FacetCounts(counts, null, true);
  }

  private static boolean isIn(Facet.Range range, ColumnView view, int entry) {
    return switch (view) {
      case ColumnView.Integers integers -> {
        long value = integers.values()[entry];
        yield (range.from() == null || value >= range.from().longValue())
            && (range.to() == null || value < range.to().longValue());
      }
      case ColumnView.Decimals decimals -> {
        double value = decimals.values()[entry];
        yield (range.from() == null || value >= range.from().doubleValue())
            && (range.to() == null || value < range.to().doubleValue());
      }
      case ColumnView.Texts _, ColumnView.Places _ -> throw unfit(view);
    };
  }

  private static FacetCounts statistics(ColumnView view, @Nullable OrdinalSet documents) {
    long values = 0;
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (int i = 0; i < view.entries(); i++) {
      if (documents == null || documents.contains(view.ordinals()[i])) {
        double value =
            switch (view) {
              case ColumnView.Integers integers -> (double) integers.values()[i];
              case ColumnView.Decimals decimals -> decimals.values()[i];
              case ColumnView.Texts _, ColumnView.Places _ -> throw unfit(view);
            };
        values++;
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
        sum += value;
      }
    }
    return values == 0
        ? FacetCounts.NONE
        : new FacetCounts(Map.of(), new Statistics(values, least, greatest, sum), true);
  }

  private interface EntryToDouble {
    double at(int entry);
  }

  /** A document's entries stand together, so that a count need only remember the last document. */
  private static final class Tally {
    private long count;
    private int counted = -1;
  }

  private static FacetCounts byLong(
      ColumnView view, @Nullable OrdinalSet documents, IntToLongFunction value) {
    var tallies = new HashMap<Object, Tally>();
    for (int i = 0; i < view.entries(); i++) {
      int ordinal = view.ordinals()[i];
      if (documents == null || documents.contains(ordinal)) {
        add(tallies, value.applyAsLong(i), ordinal);
      }
    }
    return counts(tallies);
  }

  private static FacetCounts byDouble(
      ColumnView view, @Nullable OrdinalSet documents, EntryToDouble value) {
    var tallies = new HashMap<Object, Tally>();
    for (int i = 0; i < view.entries(); i++) {
      int ordinal = view.ordinals()[i];
      if (documents == null || documents.contains(ordinal)) {
        add(tallies, value.at(i), ordinal);
      }
    }
    return counts(tallies);
  }

  private static void add(Map<Object, Tally> tallies, Object value, int ordinal) {
    var tally = tallies.computeIfAbsent(value, _ -> new Tally());
    if (tally.counted != ordinal) {
      tally.counted = ordinal;
      tally.count++;
    }
  }

  private static FacetCounts counts(Map<Object, Tally> tallies) {
    var counts = new HashMap<Object, Long>(tallies.size() * 2);
    tallies.forEach((value, tally) -> counts.put(value, tally.count));
    return new FacetCounts(counts, null, true);
  }

  private static FacetCounts unfitted(ColumnView view) {
    throw unfit(view);
  }

  private static IllegalStateException unfit(ColumnView view) {
    return new IllegalStateException(
        "this facet cannot be counted over a column of " + view.getClass().getSimpleName());
  }
}
