package io.mosaicdb.storage.filter;

import io.mosaicdb.model.filter.Filter;
import io.mosaicdb.model.schema.AttributeType;
import java.util.Arrays;
import java.util.HashSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The values of one attribute in one segment. One thread appends; any number read what is
 * published.
 */
abstract sealed class AttributeColumn {
  /**
   * Ordinals of the entries; replaced when it grows, so readers take it once, after {@link #count}.
   */
  private volatile int[] ordinals = new int[16];

  private volatile int count;
  private volatile @Nullable ColumnStatistics statistics;

  static AttributeColumn of(AttributeType type) {
    return switch (type.elementType()) {
      case STRING -> new Strings();
      case INTEGER, DATETIME -> new Longs();
      case FLOAT -> new Doubles();
      case BOOLEAN -> new Longs();
      case GEO -> new Places();
      case STRINGS, INTEGERS, FLOATS -> throw new AssertionError(type);
    };
  }

  /** Appends an entry; {@code ordinal} is at least the last one's. */
  final void append(int ordinal, Object value) {
    int at = count;
    if (at == ordinals.length) {
      ordinals = Arrays.copyOf(ordinals, at * 2);
    }
    ordinals[at] = ordinal;
    set(at, value);
    count = at + 1;
  }

  abstract void set(int at, Object value);

  /**
   * Sets the bit of every ordinal below {@code visible} with an entry that meets {@code condition}.
   */
  final void collect(Filter condition, int visible, long[] bits) {
    int n = count;
    var entryOrdinals = ordinals;
    if (condition instanceof Filter.Exists) {
      for (int i = 0; i < n; i++) {
        int ordinal = entryOrdinals[i];
        if (ordinal < visible) {
          bits[ordinal >>> 6] |= 1L << ordinal;
        }
      }
      return;
    }
    scan(condition, n, entryOrdinals, visible, bits);
  }

  abstract void scan(Filter condition, int n, int[] entryOrdinals, int visible, long[] bits);

  /** What is there of documents below {@code visible}. */
  final ColumnView view(int visible) {
    int n = count;
    var entryOrdinals = ordinals;
    if (n > 0 && entryOrdinals[n - 1] >= visible) {
      int at = Arrays.binarySearch(entryOrdinals, 0, n, visible);
      n = at < 0 ? -at - 1 : at;
      while (n > 0 && entryOrdinals[n - 1] >= visible) {
        n--;
      }
    }
    return view(n, entryOrdinals);
  }

  abstract ColumnView view(int n, int[] entryOrdinals);

  /** Of what is there now, or was when the column was a little shorter. */
  final ColumnStatistics statistics(int visible) {
    var known = statistics;
    if (known == null || count > known.entries + known.entries / 4 + 64) {
      known = ColumnStatistics.of(view(visible), visible);
      statistics = known;
    }
    return known;
  }

  abstract long bytesPerEntry();

  final long bytes() {
    return (long) ordinals.length * (Integer.BYTES + bytesPerEntry());
  }

  static IllegalStateException unfit(Filter condition) {
    return new IllegalStateException("this column cannot answer " + condition);
  }

  private static void mark(int ordinal, int visible, long[] bits) {
    if (ordinal < visible) {
      bits[ordinal >>> 6] |= 1L << ordinal;
    }
  }

  /** Dictionary-encoded strings. */
  static final class Strings extends AttributeColumn {
    private final java.util.concurrent.ConcurrentHashMap<String, Integer> codeOf =
        new java.util.concurrent.ConcurrentHashMap<>();
    private volatile String[] dictionary = new String[16];
    private volatile int[] codes = new int[16];

    @Override
    void set(int at, Object value) {
      var text = (String) value;
      Integer known = codeOf.get(text);
      int code = known == null ? codeOf.size() : known;
      if (known == null) {
        if (code == dictionary.length) {
          dictionary = Arrays.copyOf(dictionary, code * 2);
        }
        dictionary[code] = text;
        codeOf.put(text, code);
      }
      if (at == codes.length) {
        codes = Arrays.copyOf(codes, at * 2);
      }
      codes[at] = code;
    }

    @Override
    void scan(Filter condition, int n, int[] entryOrdinals, int visible, long[] bits) {
      var entryCodes = codes;
      if (condition instanceof Filter.In in && in.values().size() == 1) {
        Integer code = codeOf.get(in.values().getFirst());
        if (code == null) {
          return;
        }
        int wanted = code;
        for (int i = 0; i < n; i++) {
          if (entryCodes[i] == wanted) {
            mark(entryOrdinals[i], visible, bits);
          }
        }
        return;
      }
      var matching = matchingCodes(condition);
      for (int i = 0; i < n; i++) {
        int code = entryCodes[i];
        if (code < matching.length && matching[code]) {
          mark(entryOrdinals[i], visible, bits);
        }
      }
    }

    private boolean[] matchingCodes(Filter condition) {
      int size = codeOf.size();
      var words = dictionary;
      var matching = new boolean[size];
      if (condition instanceof Filter.In in) {
        for (Object value : in.values()) {
          Integer code = codeOf.get(value);
          if (code != null && code < size) {
            matching[code] = true;
          }
        }
        return matching;
      }
      var test = test(condition);
      for (int code = 0; code < size; code++) {
        matching[code] = test.test(words[code]);
      }
      return matching;
    }

    /** Whether one string meets {@code condition}. */
    static Predicate<String> test(Filter condition) {
      return switch (condition) {
        case Filter.In in -> new HashSet<>(in.values())::contains;
        case Filter.Prefix prefix -> word -> word.startsWith(prefix.prefix());
        case Filter.Range range -> word -> within(word, range);
        default -> throw unfit(condition);
      };
    }

    private static boolean within(String value, Filter.Range range) {
      if (range.least() instanceof String least) {
        int order = value.compareTo(least);
        if (order < 0 || (order == 0 && !range.leastIncluded())) {
          return false;
        }
      }
      if (range.most() instanceof String most) {
        int order = value.compareTo(most);
        return order < 0 || (order == 0 && range.mostIncluded());
      }
      return true;
    }

    @Override
    ColumnView view(int n, int[] entryOrdinals) {
      // The codes first: every word that they name is in the dictionary read after them.
      var entryCodes = codes;
      int distinct = codeOf.size();
      return new ColumnView.Texts(n, entryOrdinals, entryCodes, dictionary, distinct, codeOf);
    }

    @Override
    long bytesPerEntry() {
      return Integer.BYTES + 8L;
    }
  }

  /** Integers, datetimes as milliseconds, booleans as 0 and 1. */
  static final class Longs extends AttributeColumn {
    private volatile long[] values = new long[16];

    @Override
    void set(int at, Object value) {
      if (at == values.length) {
        values = Arrays.copyOf(values, at * 2);
      }
      values[at] = asLong(value);
    }

    private static long asLong(Object value) {
      return value instanceof Boolean flag ? (flag ? 1 : 0) : (Long) value;
    }

    @Override
    void scan(Filter condition, int n, int[] entryOrdinals, int visible, long[] bits) {
      var entryValues = values;
      switch (condition) {
        case Filter.In in -> {
          var wanted = in.values().stream().mapToLong(Longs::asLong).sorted().toArray();
          for (int i = 0; i < n; i++) {
            if (Arrays.binarySearch(wanted, entryValues[i]) >= 0) {
              mark(entryOrdinals[i], visible, bits);
            }
          }
        }
        case Filter.Range range -> {
          long least = range.least() == null ? Long.MIN_VALUE : asLong(range.least());
          long most = range.most() == null ? Long.MAX_VALUE : asLong(range.most());
          if (range.least() != null && !range.leastIncluded()) {
            if (least == Long.MAX_VALUE) {
              return;
            }
            least++;
          }
          if (range.most() != null && !range.mostIncluded()) {
            if (most == Long.MIN_VALUE) {
              return;
            }
            most--;
          }
          for (int i = 0; i < n; i++) {
            long value = entryValues[i];
            if (value >= least && value <= most) {
              mark(entryOrdinals[i], visible, bits);
            }
          }
        }
        default -> throw unfit(condition);
      }
    }

    @Override
    ColumnView view(int n, int[] entryOrdinals) {
      return new ColumnView.Integers(n, entryOrdinals, values);
    }

    @Override
    long bytesPerEntry() {
      return Long.BYTES;
    }
  }

  static final class Doubles extends AttributeColumn {
    private volatile double[] values = new double[16];

    @Override
    void set(int at, Object value) {
      if (at == values.length) {
        values = Arrays.copyOf(values, at * 2);
      }
      values[at] = ((Number) value).doubleValue();
    }

    @Override
    void scan(Filter condition, int n, int[] entryOrdinals, int visible, long[] bits) {
      var entryValues = values;
      switch (condition) {
        case Filter.In in -> {
          // + 0.0 makes -0.0 equal to 0.0, as the user's JSON means it.
          var wanted =
              in.values().stream()
                  .mapToDouble(value -> ((Number) value).doubleValue() + 0.0)
                  .sorted()
                  .toArray();
          for (int i = 0; i < n; i++) {
            if (Arrays.binarySearch(wanted, entryValues[i] + 0.0) >= 0) {
              mark(entryOrdinals[i], visible, bits);
            }
          }
        }
        case Filter.Range range -> {
          double least =
              range.least() instanceof Number bound
                  ? bound.doubleValue()
                  : Double.NEGATIVE_INFINITY;
          double most =
              range.most() instanceof Number bound ? bound.doubleValue() : Double.POSITIVE_INFINITY;
          boolean leastIncluded = range.least() == null || range.leastIncluded();
          boolean mostIncluded = range.most() == null || range.mostIncluded();
          for (int i = 0; i < n; i++) {
            double value = entryValues[i];
            if ((leastIncluded ? value >= least : value > least)
                && (mostIncluded ? value <= most : value < most)) {
              mark(entryOrdinals[i], visible, bits);
            }
          }
        }
        default -> throw unfit(condition);
      }
    }

    @Override
    ColumnView view(int n, int[] entryOrdinals) {
      return new ColumnView.Decimals(n, entryOrdinals, values);
    }

    @Override
    long bytesPerEntry() {
      return Double.BYTES;
    }
  }

  /** Places in degrees, latitude and longitude in turn. */
  static final class Places extends AttributeColumn {
    private volatile double[] degrees = new double[32];

    @Override
    void set(int at, Object value) {
      if (2 * at == degrees.length) {
        degrees = Arrays.copyOf(degrees, at * 4);
      }
      var place = (double[]) value;
      degrees[2 * at] = place[0];
      degrees[2 * at + 1] = place[1];
    }

    @Override
    void scan(Filter condition, int n, int[] entryOrdinals, int visible, long[] bits) {
      var places = degrees;
      var area = GeoArea.of(condition);
      for (int i = 0; i < n; i++) {
        if (area.contains(places[2 * i], places[2 * i + 1])) {
          mark(entryOrdinals[i], visible, bits);
        }
      }
    }

    @Override
    ColumnView view(int n, int[] entryOrdinals) {
      return new ColumnView.Places(n, entryOrdinals, degrees);
    }

    @Override
    long bytesPerEntry() {
      return 2L * Double.BYTES;
    }
  }
}
