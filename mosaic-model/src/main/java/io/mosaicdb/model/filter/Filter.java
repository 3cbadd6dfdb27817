package io.mosaicdb.model.filter;

import java.util.List;

/**
 * A condition on a document's attributes, checked against the schema by {@link FilterParser}.
 *
 * <p>Values have the attribute's column type: {@code String}, {@code Long} (integers, and datetimes
 * as milliseconds since 1970-01-01T00:00Z), {@code Double}, {@code Boolean}.
 */
public sealed interface Filter {
  /** Every part holds; an empty list is always true. */
  record And(List<Filter> parts) implements Filter {
    public And {
      parts = List.copyOf(parts);
    }
  }

  /** Any part holds; an empty list is never true. */
  record Or(List<Filter> parts) implements Filter {
    public Or {
      parts = List.copyOf(parts);
    }
  }

  record Not(Filter part) implements Filter {}

  /** Some value equals one of {@code values}. */
  record In(String field, List<Object> values) implements Filter {
    public In {
      values = List.copyOf(values);
    }
  }

  /** Some value lies in the range; a null bound is open. */
  record Range(
      String field,
      @org.jspecify.annotations.Nullable Object least,
      boolean leastIncluded,
      @org.jspecify.annotations.Nullable Object most,
      boolean mostIncluded)
      implements Filter {}

  /** Some string value starts with {@code prefix}. */
  record Prefix(String field, String prefix) implements Filter {}

  /** The document has the attribute. */
  record Exists(String field) implements Filter {}

  /**
   * The place lies within {@code radiusMeters} of a point, along a great circle of a sphere of
   * 6,371,008.8 m.
   */
  record GeoRadius(String field, double latitude, double longitude, double radiusMeters)
      implements Filter {}

  /**
   * The place lies in a box of degrees, its edges included; {@code west > east} crosses the
   * antimeridian. Longitudes 180 and -180 are one meridian, and a pole has every longitude.
   */
  record GeoBox(String field, double south, double west, double north, double east)
      implements Filter {}
}
