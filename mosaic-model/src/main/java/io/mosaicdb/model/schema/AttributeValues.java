package io.mosaicdb.model.schema;

import io.mosaicdb.model.InvalidInputException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks attribute values that arrive as JSON's own shapes against their type, and brings them into
 * one form.
 */
public final class AttributeValues {
  public static final int MAX_STRING_LENGTH = 32_768;
  public static final int MAX_ELEMENTS = 10_000;

  private AttributeValues() {}

  /**
   * The value in the form in which it is stored: {@code String}, {@code Long}, {@code Double},
   * {@code Boolean}, RFC 3339 in UTC for datetime, a map of lat and lon for geo, lists of these for
   * arrays.
   *
   * @throws InvalidInputException naming the place and the value
   */
  public static Object stored(Object json, AttributeType type, String pointer) {
    if (type.isArray()) {
      if (!(json instanceof List<?> list)) {
        throw new InvalidInputException(
            pointer, "must be an array (" + type.wireName() + "), got " + shape(json));
      }
      if (list.size() > MAX_ELEMENTS) {
        throw new InvalidInputException(
            pointer, "may have " + MAX_ELEMENTS + " elements, got " + list.size());
      }
      var elements = new ArrayList<Object>(list.size());
      for (int i = 0; i < list.size(); i++) {
        elements.add(scalar(list.get(i), type.elementType(), false, pointer + "/" + i));
      }
      return List.copyOf(elements);
    }
    return switch (type) {
      case DATETIME -> Instant.ofEpochMilli((Long) scalar(json, type, false, pointer)).toString();
      case GEO -> {
        if (!(json instanceof Map<?, ?> map) || !map.keySet().equals(Set.of("lat", "lon"))) {
          throw new InvalidInputException(
              pointer, "must be an object with lat and lon (degrees), got " + shape(json));
        }
        var place = place(map.get("lat"), map.get("lon"), pointer);
        yield Map.of("lat", place[0], "lon", place[1]);
      }
      case STRING, INTEGER, FLOAT, BOOLEAN -> scalar(json, type, false, pointer);
      case STRINGS, INTEGERS, FLOATS -> throw new AssertionError(type);
    };
  }

  /**
   * One value in the form in which columns compare it; datetimes become milliseconds since 1970.
   *
   * @param anyNumber whether an integer attribute accepts a fraction (as a bound of a range),
   *     returned as Double
   */
  public static Object scalar(
      @Nullable Object json, AttributeType type, boolean anyNumber, String pointer) {
    return switch (type) {
      case STRING -> {
        if (!(json instanceof String string)) {
          throw mismatch("a string", json, pointer);
        }
        if (string.length() > MAX_STRING_LENGTH) {
          throw new InvalidInputException(
              pointer, "may have " + MAX_STRING_LENGTH + " characters, got " + string.length());
        }
        yield string;
      }
      case BOOLEAN -> {
        if (!(json instanceof Boolean flag)) {
          throw mismatch("true or false", json, pointer);
        }
        yield flag;
      }
      case INTEGER -> {
        if (json instanceof Integer || json instanceof Long) {
          yield ((Number) json).longValue();
        }
        if (json instanceof Double number
            && number == Math.rint(number)
            && Math.abs(number) < 0x1p53) {
          yield number.longValue();
        }
        if (anyNumber && json instanceof Number number) {
          yield finite(number, pointer);
        }
        throw mismatch("an integer from -2^63 to 2^63-1", json, pointer);
      }
      case FLOAT -> {
        if (!(json instanceof Number number)) {
          throw mismatch("a number", json, pointer);
        }
        yield finite(number, pointer);
      }
      case DATETIME -> {
        if (!(json instanceof String text)) {
          throw mismatch("an RFC 3339 time such as 2026-01-31T12:00:00Z", json, pointer);
        }
        yield milliseconds(text, pointer);
      }
      case GEO, STRINGS, INTEGERS, FLOATS -> throw new AssertionError(type);
    };
  }

  /** Latitude and longitude in degrees. */
  public static double[] place(@Nullable Object lat, @Nullable Object lon, String pointer) {
    return new double[] {
      degrees(lat, 90, pointer + "/lat"), degrees(lon, 180, pointer + "/lon"),
    };
  }

  /** The type that a value of unknown type gets, null for a shape that no attribute has. */
  public static @Nullable AttributeType infer(Object json) {
    return switch (json) {
      case Boolean _ -> AttributeType.BOOLEAN;
      case Integer _, Long _ -> AttributeType.INTEGER;
      case Number _ -> AttributeType.FLOAT;
      case String text -> looksLikeTime(text) ? AttributeType.DATETIME : AttributeType.STRING;
      case Map<?, ?> map when map.keySet().equals(Set.of("lat", "lon")) -> AttributeType.GEO;
      case List<?> list when !list.isEmpty() && list.stream().allMatch(String.class::isInstance) ->
          AttributeType.STRINGS;
      case List<?> list
          when !list.isEmpty()
              && list.stream().allMatch(e -> e instanceof Integer || e instanceof Long) ->
          AttributeType.INTEGERS;
      case List<?> list when !list.isEmpty() && list.stream().allMatch(Number.class::isInstance) ->
          AttributeType.FLOATS;
      default -> null;
    };
  }

  /** A short word for a JSON value, for messages. */
  public static String shape(@Nullable Object json) {
    return switch (json) {
      case null -> "nothing";
      case String text ->
          "the string '" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "'";
      case Number number -> "the number " + number;
      case Boolean flag -> flag.toString();
      case List<?> _ -> "an array";
      default -> "an object";
    };
  }

  private static boolean looksLikeTime(String text) {
    if (text.length() < 20 || text.charAt(4) != '-' || text.charAt(10) != 'T') {
      return false;
    }
    try {
      OffsetDateTime.parse(text);
      return true;
    } catch (DateTimeException _) {
      return false;
    }
  }

  private static long milliseconds(String text, String pointer) {
    try {
      if (text.length() == 10) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
      }
      return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException _) {
      throw mismatch("an RFC 3339 time such as 2026-01-31T12:00:00Z", text, pointer);
    }
  }

  private static double degrees(@Nullable Object json, double most, String pointer) {
    if (!(json instanceof Number number) || !(Math.abs(number.doubleValue()) <= most)) {
      throw mismatch("degrees between -" + (int) most + " and " + (int) most, json, pointer);
    }
    return number.doubleValue();
  }

  private static double finite(Number number, String pointer) {
    double value = number.doubleValue();
    if (!Double.isFinite(value)) {
      throw mismatch("a finite number", number, pointer);
    }
    return value;
  }

  private static InvalidInputException mismatch(
      String wanted, @Nullable Object json, String pointer) {
    return new InvalidInputException(pointer, "must be " + wanted + ", got " + shape(json));
  }
}
