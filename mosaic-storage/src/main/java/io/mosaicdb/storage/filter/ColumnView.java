package io.mosaicdb.storage.filter;

import java.util.Arrays;
import java.util.Map;

/**
 * A column as it stood at one moment: its first {@code entries} entries, in ascending order of
 * {@link #ordinals()}; an array attribute has several for one ordinal. The arrays are the column's
 * own and longer than that: callers read below {@code entries} and never write.
 */
public sealed interface ColumnView {
  int entries();

  int[] ordinals();

  /**
   * Dictionary-encoded strings; {@code dictionary} holds {@code distinct} of them, {@code codeOf}
   * those and perhaps later ones.
   */
  record Texts(
      int entries,
      int[] ordinals,
      int[] codes,
      String[] dictionary,
      int distinct,
      Map<String, Integer> codeOf)
      implements ColumnView {}

  /** Integers, datetimes in milliseconds, booleans as 0 and 1. */
  record Integers(int entries, int[] ordinals, long[] values) implements ColumnView {}

  record Decimals(int entries, int[] ordinals, double[] values) implements ColumnView {}

  /** Latitude and longitude in turn, in degrees. */
  record Places(int entries, int[] ordinals, double[] degrees) implements ColumnView {}

  /** The first entry of {@code ordinal}, or -1. */
  default int find(int ordinal) {
    int first = firstFrom(ordinal);
    return first < entries() && ordinals()[first] == ordinal ? first : -1;
  }

  /** The first entry of {@code ordinal} or of a later one. */
  default int firstFrom(int ordinal) {
    int at = Arrays.binarySearch(ordinals(), 0, entries(), ordinal);
    int first = at < 0 ? -at - 1 : at;
    while (first > 0 && ordinals()[first - 1] == ordinal) {
      first--;
    }
    return first;
  }

  /** The value of an entry: String, Long, Double, or latitude and longitude. */
  default Object value(int entry) {
    return switch (this) {
      case Texts texts -> texts.dictionary()[texts.codes()[entry]];
      case Integers integers -> integers.values()[entry];
      case Decimals decimals -> decimals.values()[entry];
      case Places places ->
          new double[] {places.degrees()[2 * entry], places.degrees()[2 * entry + 1]};
    };
  }
}
