package io.mosaicdb.storage.filter;

import io.mosaicdb.model.filter.Filter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a planner knows of a column without looking at its entries again: how many documents have
 * each string, or each of few numbers; the quantiles of many numbers; a sample of places.
 *
 * <p>Shares are of the documents that were there when the statistics were made. Entries stand for
 * documents, which is exact but for arrays that meet a condition twice.
 */
abstract sealed class ColumnStatistics {
  /** Up to so many different numbers are counted one by one. */
  static final int MOST_COUNTED = 2_048;

  /** Between as many quantiles lie equally many of the others. */
  static final int QUANTILES = 512;

  /** Words of a dictionary that are looked at for a prefix or a range. */
  static final int SAMPLED_WORDS = 4_096;

  static final int SAMPLED_PLACES = 8_192;

  final int entries;
  private final int documents;
  private final int having;

  private ColumnStatistics(ColumnView view, int documents) {
    this.entries = view.entries();
    this.documents = Math.max(1, documents);
    int distinct = 0;
    for (int i = 0; i < view.entries(); i++) {
      distinct += i == 0 || view.ordinals()[i] != view.ordinals()[i - 1] ? 1 : 0;
    }
    this.having = distinct;
  }

  static ColumnStatistics of(ColumnView view, int documents) {
    return switch (view) {
      case ColumnView.Texts texts -> new Words(texts, documents);
      case ColumnView.Integers integers -> new Numbers(view, sorted(integers), documents);
      case ColumnView.Decimals decimals -> {
        var values = Arrays.copyOf(decimals.values(), view.entries());
        Arrays.sort(values);
        yield new Numbers(view, values, documents);
      }
      case ColumnView.Places places -> new Sampled(places, documents);
    };
  }

  private static double[] sorted(ColumnView.Integers integers) {
    var values = new double[integers.entries()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (double) integers.values()[i];
    }
    Arrays.sort(values);
    return values;
  }

  /** About which share of the documents meets a condition on this column, 0 to 1. */
  final double share(Filter condition) {
    double meeting = condition instanceof Filter.Exists ? having : entriesThatMeet(condition);
    return Math.clamp(Math.min(meeting, having) / documents, 0, 1);
  }

  abstract double entriesThatMeet(Filter condition);

  private static final class Words extends ColumnStatistics {
    private final ColumnView.Texts texts;
    private final int[] counts;

    Words(ColumnView.Texts texts, int documents) {
      super(texts, documents);
      this.texts = texts;
      this.counts = new int[texts.distinct()];
      for (int i = 0; i < texts.entries(); i++) {
        counts[texts.codes()[i]]++;
      }
    }

    @Override
    double entriesThatMeet(Filter condition) {
      double sum = 0;
      if (condition instanceof Filter.In in) {
        for (Object value : in.values()) {
          int code = texts.codeOf().getOrDefault((String) value, counts.length);
          sum += code < counts.length ? counts[code] : 0;
        }
        return sum;
      }
      int step = Math.max(1, counts.length / SAMPLED_WORDS);
      var test = AttributeColumn.Strings.test(condition);
      for (int code = 0; code < counts.length; code += step) {
        if (test.test(texts.dictionary()[code])) {
          sum += (double) counts[code] * step;
        }
      }
      return sum;
    }
  }

  private static final class Numbers extends ColumnStatistics {
    /** Ascending; with {@code upTo} where they are counted, else quantiles. */
    private final double[] values;

    /** Entries up to and including each value; null for quantiles. */
    private final int @Nullable [] upTo;

    private final int distinct;

    Numbers(ColumnView view, double[] sorted, int documents) {
      super(view, documents);
      int different = 0;
      for (int i = 0; i < sorted.length; i++) {
        different += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
      }
      distinct = different;
      if (different <= MOST_COUNTED) {
        values = new double[different];
        upTo = new int[different];
        int at = -1;
        for (int i = 0; i < sorted.length; i++) {
          if (i == 0 || sorted[i] != sorted[i - 1]) {
            values[++at] = sorted[i];
          }
          upTo[at] = i + 1;
        }
      } else {
        upTo = null;
        values = new double[QUANTILES + 1];
        for (int q = 0; q <= QUANTILES; q++) {
          values[q] = sorted[(int) ((long) q * (sorted.length - 1) / QUANTILES)];
        }
      }
    }

    @Override
    double entriesThatMeet(Filter condition) {
      return switch (condition) {
        case Filter.In in -> {
          double sum = 0;
          for (Object value : in.values()) {
            double number = number(value);
            double equal = below(number, true) - below(number, false);
            // Quantiles show a value only where many have it.
            sum += upTo != null ? equal : Math.max(equal, (double) entries / distinct);
          }
          yield sum;
        }
        case Filter.Range range -> {
          double most =
              range.most() == null ? entries : below(number(range.most()), range.mostIncluded());
          double least =
              range.least() == null ? 0 : below(number(range.least()), !range.leastIncluded());
          yield Math.max(0, most - least);
        }
        default -> throw AttributeColumn.unfit(condition);
      };
    }

    private static double number(Object value) {
      return value instanceof Boolean flag ? (flag ? 1 : 0) : ((Number) value).doubleValue() + 0.0;
    }

    /** About how many entries are less than {@code value}, or equal where asked. */
    private double below(double value, boolean orEqual) {
      int from = firstAtLeast(value);
      boolean found = from < values.length && values[from] == value;
      if (upTo != null) {
        int last = found && orEqual ? from : from - 1;
        return last < 0 ? 0 : upTo[last];
      }
      if (from == values.length) {
        return entries;
      }
      double between = (double) entries / QUANTILES;
      if (found) {
        int last = from;
        while (orEqual && last + 1 < values.length && values[last + 1] == value) {
          last++;
        }
        return last * between;
      }
      return from == 0
          ? 0
          : (from - 1 + (value - values[from - 1]) / (values[from] - values[from - 1])) * between;
    }

    private int firstAtLeast(double value) {
      int low = 0;
      int high = values.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (values[middle] < value) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  /** Every so manieth place. */
  private static final class Sampled extends ColumnStatistics {
    private final double[] degrees;
    private final double each;

    Sampled(ColumnView.Places places, int documents) {
      super(places, documents);
      int size = Math.min(SAMPLED_PLACES, places.entries());
      this.degrees = new double[2 * size];
      this.each = size == 0 ? 0 : (double) places.entries() / size;
      for (int i = 0; i < size; i++) {
        int entry = (int) ((long) i * places.entries() / size);
        degrees[2 * i] = places.degrees()[2 * entry];
        degrees[2 * i + 1] = places.degrees()[2 * entry + 1];
      }
    }

    @Override
    double entriesThatMeet(Filter condition) {
      var area = GeoArea.of(condition);
      int inside = 0;
      for (int i = 0; i < degrees.length; i += 2) {
        inside += area.contains(degrees[i], degrees[i + 1]) ? 1 : 0;
      }
      return inside * each;
    }
  }
}
