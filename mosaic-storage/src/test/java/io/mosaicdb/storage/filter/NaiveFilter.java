package io.mosaicdb.storage.filter;

import static java.util.Objects.requireNonNull;

import io.mosaicdb.model.document.Document;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What a filter means, read from its JSON and one document, as slowly and plainly as possible. */
public final class NaiveFilter {
  private static final double RADIUS = 6_371_008.8;

  private NaiveFilter() {}

  public static boolean meets(Document document, Object json) {
    var filter = (Map<?, ?>) json;
    if (filter.get("and") instanceof List<?> parts) {
      return parts.stream().allMatch(part -> meets(document, part));
    }
    if (filter.get("or") instanceof List<?> parts) {
      return parts.stream().anyMatch(part -> meets(document, part));
    }
    if (filter.get("not") instanceof Map<?, ?> part) {
      return !meets(document, part);
    }
    var field = (String) requireNonNull(filter.get("field"));
    var op = (String) requireNonNull(filter.get("op"));
    var asked = requireNonNull(filter.get("value"));
    var values = values(document, field);
    return switch (op) {
      case "exists" -> values.isEmpty() != (Boolean) asked;
      case "eq", "contains" -> any(values, value -> compare(value, asked) == 0);
      case "ne" -> !any(values, value -> compare(value, asked) == 0);
      case "in", "contains_any" -> any(values, value -> isIn(value, (List<?>) asked));
      case "not_in" -> !any(values, value -> isIn(value, (List<?>) asked));
      case "gt" -> any(values, value -> compare(value, asked) > 0);
      case "gte" -> any(values, value -> compare(value, asked) >= 0);
      case "lt" -> any(values, value -> compare(value, asked) < 0);
      case "lte" -> any(values, value -> compare(value, asked) <= 0);
      case "prefix" -> any(values, value -> ((String) value).startsWith((String) asked));
      case "geo_radius" -> any(values, value -> isWithin((Map<?, ?>) value, (Map<?, ?>) asked));
      case "geo_box" -> any(values, value -> isInBox((Map<?, ?>) value, (Map<?, ?>) asked));
      default -> throw new IllegalArgumentException(op);
    };
  }

  /** The values in the form in which they compare: times as milliseconds, -0.0 as 0.0. */
  public static List<Object> values(Document document, String field) {
    var value = document.attributes().get(field);
    List<?> values =
        value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
    return values.stream().map(each -> comparable(each, field)).toList();
  }

  private static Object comparable(Object value, String field) {
    if (field.equals("time")) {
      return OffsetDateTime.parse((String) value).toInstant().toEpochMilli();
    }
    return value instanceof Double number ? (Object) (number + 0.0) : value;
  }

  private static boolean any(List<Object> values, Predicate<Object> condition) {
    return values.stream().anyMatch(condition);
  }

  private static boolean isIn(Object value, List<?> asked) {
    return asked.stream().anyMatch(each -> compare(value, each) == 0);
  }

  private static int compare(Object value, Object asked) {
    return switch (value) {
      case Long milliseconds when asked instanceof String time ->
          Long.compare(milliseconds, OffsetDateTime.parse(time).toInstant().toEpochMilli());
      case Number number ->
          Double.compare(number.doubleValue(), ((Number) asked).doubleValue() + 0.0);
      case Boolean flag -> flag.compareTo((Boolean) asked);
      default -> ((String) value).compareTo((String) asked);
    };
  }

  private static boolean isWithin(Map<?, ?> place, Map<?, ?> circle) {
    var one = point(number(place, "lat"), number(place, "lon"));
    var other = point(number(circle, "lat"), number(circle, "lon"));
    double squares = 0;
    for (int i = 0; i < 3; i++) {
      squares += (one[i] - other[i]) * (one[i] - other[i]);
    }
    double distance = 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(squares) / 2));
    return distance <= number(circle, "radius_m");
  }

  private static double[] point(double latitude, double longitude) {
    double lat = Math.toRadians(latitude);
    double lon = Math.toRadians(longitude);
    return new double[] {
      Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)
    };
  }

  private static boolean isInBox(Map<?, ?> place, Map<?, ?> box) {
    var northWest = (Map<?, ?>) requireNonNull(box.get("top_left"));
    var southEast = (Map<?, ?>) requireNonNull(box.get("bottom_right"));
    double latitude = number(place, "lat");
    if (latitude > number(northWest, "lat") || latitude < number(southEast, "lat")) {
      return false;
    }
    double west = number(northWest, "lon");
    double width = (number(southEast, "lon") - west + 360) % 360;
    // Like 180 and -180: the whole circle, or one meridian.
    if (Math.abs(number(southEast, "lon") - west) == 360) {
      width = number(southEast, "lon") > west ? 360 : 0;
    }
    double fromWest = (number(place, "lon") - west + 360) % 360;
    boolean onWestEdge = Math.abs(number(place, "lon") - west) % 360 == 0;
    return Math.abs(latitude) == 90 || onWestEdge || fromWest <= width;
  }

  private static double number(Map<?, ?> map, String name) {
    return ((Number) requireNonNull(map.get(name))).doubleValue();
  }
}
