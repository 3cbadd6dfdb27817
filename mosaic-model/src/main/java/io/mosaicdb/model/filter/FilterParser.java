package io.mosaicdb.model.filter;

import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.AttributeValues;
import io.mosaicdb.model.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a filter from JSON's own shapes (maps, lists, strings, numbers, booleans) and checks it
 * against a schema.
 */
public final class FilterParser {
  public static final int MAX_DEPTH = 32;
  public static final int MAX_CONDITIONS = 1000;
  public static final int MAX_VALUES = 10_000;
  private static final String OPERATORS =
      "eq, ne, gt, gte, lt, lte, in, not_in, contains, contains_any, prefix, exists, geo_radius,"
          + " geo_box";

  private final Schema schema;
  private int conditions;

  private FilterParser(Schema schema) {
    this.schema = schema;
  }

  /**
   * The filter that {@code json} describes.
   *
   * @param pointer where {@code json} stands in the request
   * @throws InvalidInputException naming the place, the bound and the value
   */
  public static Filter parse(Object json, Schema schema, String pointer) {
    return new FilterParser(schema).filter(json, pointer, 1);
  }

  private Filter filter(@Nullable Object json, String pointer, int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvalidInputException(
          pointer, "a filter may be nested " + MAX_DEPTH + " deep, this one is deeper");
    }
    if (++conditions > MAX_CONDITIONS) {
      throw new InvalidInputException(
          pointer, "a filter may have " + MAX_CONDITIONS + " conditions, this one has more");
    }
    if (!(json instanceof Map<?, ?> map)) {
      throw new InvalidInputException(
          pointer, "must be an object with and, or, not, or field and op, got " + shape(json));
    }
    if (map.containsKey("and") || map.containsKey("or") || map.containsKey("not")) {
      if (map.size() != 1) {
        throw new InvalidInputException(
            pointer, "and, or and not stand alone in their object, got " + map.keySet());
      }
      var key = (String) map.keySet().iterator().next();
      var value = map.get(key);
      return switch (key) {
        case "and" -> new Filter.And(parts(value, pointer + "/and", depth));
        case "or" -> new Filter.Or(parts(value, pointer + "/or", depth));
        default -> new Filter.Not(filter(value, pointer + "/not", depth + 1));
      };
    }
    return condition(map, pointer);
  }

  private List<Filter> parts(@Nullable Object json, String pointer, int depth) {
    if (!(json instanceof List<?> list)) {
      throw new InvalidInputException(pointer, "must be an array of filters, got " + shape(json));
    }
    if (list.isEmpty()) {
      throw new InvalidInputException(pointer, "must have at least one filter");
    }
    var parts = new ArrayList<Filter>(list.size());
    for (int i = 0; i < list.size(); i++) {
      parts.add(filter(list.get(i), pointer + "/" + i, depth + 1));
    }
    return parts;
  }

  private Filter condition(Map<?, ?> map, String pointer) {
    for (Object key : map.keySet()) {
      if (!Set.of("field", "op", "value").contains(key)) {
        throw new InvalidInputException(
            pointer + InvalidInputException.token(String.valueOf(key)),
            "is not a key of a condition: use field, op and value, or and, or, not");
      }
    }
    if (!(map.get("field") instanceof String field)) {
      throw new InvalidInputException(
          pointer + "/field", "must be an attribute's name, got " + shape(map.get("field")));
    }
    if (!(map.get("op") instanceof String op)) {
      throw new InvalidInputException(
          pointer + "/op", "must be one of " + OPERATORS + ", got " + shape(map.get("op")));
    }
    var known = ColumnName.of(field, schema, pointer + "/field");
    var column = known.name();
    var type = known.type();
    var value = map.get("value");
    var at = pointer + "/value";
    return switch (op) {
      case "eq" -> in(column, type, List.of(required(value, at)), at);
      case "ne" -> new Filter.Not(in(column, type, List.of(required(value, at)), at));
      case "in", "contains_any" -> {
        requireArrayFor(op.equals("contains_any"), type, op, pointer);
        yield in(column, type, list(value, at), at);
      }
      case "not_in" -> new Filter.Not(in(column, type, list(value, at), at));
      case "contains" -> {
        requireArrayFor(true, type, op, pointer);
        yield in(column, type, List.of(required(value, at)), at);
      }
      case "gt", "gte", "lt", "lte" -> range(column, type, op, required(value, at), pointer);
      case "prefix" -> {
        if (type.elementType() != AttributeType.STRING) {
          throw new InvalidInputException(
              pointer + "/op",
              "prefix needs a string attribute, '" + field + "' is " + type.wireName());
        }
        if (!(value instanceof String prefix)) {
          throw new InvalidInputException(at, "must be a string, got " + shape(value));
        }
        yield new Filter.Prefix(column, prefix);
      }
      case "exists" -> {
        if (value != null && !(value instanceof Boolean)) {
          throw new InvalidInputException(at, "must be true or false, got " + shape(value));
        }
        var exists = new Filter.Exists(column);
        yield Boolean.FALSE.equals(value) ? new Filter.Not(exists) : exists;
      }
      case "geo_radius" -> {
        requireGeo(op, field, type, pointer);
        yield geoRadius(column, value, at);
      }
      case "geo_box" -> {
        requireGeo(op, field, type, pointer);
        yield geoBox(column, value, at);
      }
      default ->
          throw new InvalidInputException(
              pointer + "/op", "must be one of " + OPERATORS + ", got '" + op + "'");
    };
  }

  private static void requireArrayFor(
      boolean needed, AttributeType type, String op, String pointer) {
    if (needed && !type.isArray()) {
      throw new InvalidInputException(
          pointer + "/op", op + " needs an array attribute, this one is " + type.wireName());
    }
  }

  private static Filter in(String field, AttributeType type, List<?> values, String pointer) {
    if (type == AttributeType.GEO) {
      throw new InvalidInputException(
          pointer, "'" + field + "' is a geo attribute: use geo_radius, geo_box or exists");
    }
    var columnValues = new ArrayList<Object>(values.size());
    for (Object value : values) {
      var element = AttributeValues.scalar(value, type.elementType(), true, pointer);
      // A fraction equals no integer.
      if (!(type.elementType() == AttributeType.INTEGER && element instanceof Double)) {
        columnValues.add(element);
      }
    }
    return new Filter.In(field, columnValues);
  }

  private static Filter range(
      String field, AttributeType type, String op, Object value, String pointer) {
    var element = type.elementType();
    if (element == AttributeType.GEO || element == AttributeType.BOOLEAN) {
      throw new InvalidInputException(
          pointer + "/op",
          op + " needs an ordered attribute, '" + field + "' is " + type.wireName());
    }
    var bound = AttributeValues.scalar(value, element, true, pointer + "/value");
    boolean lower = op.startsWith("g");
    boolean included = op.length() == 3;
    if (element == AttributeType.INTEGER && bound instanceof Double fraction) {
      double whole = lower ? Math.ceil(fraction) : Math.floor(fraction);
      if (whole >= 0x1p63 || whole < -0x1p63) {
        boolean all = lower == whole < 0;
        return all ? new Filter.Exists(field) : new Filter.Or(List.of());
      }
      bound = (long) whole;
      included = true;
    }
    return lower
        ? new Filter.Range(field, bound, included, null, false)
        : new Filter.Range(field, null, false, bound, included);
  }

  private static void requireGeo(String op, String field, AttributeType type, String pointer) {
    if (type != AttributeType.GEO) {
      throw new InvalidInputException(
          pointer + "/op", op + " needs a geo attribute, '" + field + "' is " + type.wireName());
    }
  }

  private static Filter geoRadius(String column, @Nullable Object value, String at) {
    if (!(value instanceof Map<?, ?> map)
        || !map.keySet().equals(Set.of("lat", "lon", "radius_m"))) {
      throw new InvalidInputException(
          at,
          "must be an object with lat, lon (degrees) and radius_m (meters), got " + shape(value));
    }
    var place = AttributeValues.place(map.get("lat"), map.get("lon"), at);
    if (!(map.get("radius_m") instanceof Number radius)
        || !(radius.doubleValue() > 0 && radius.doubleValue() <= 20_037_509)) {
      throw new InvalidInputException(
          at + "/radius_m", "must be above 0 and at most 20037509, got " + map.get("radius_m"));
    }
    return new Filter.GeoRadius(column, place[0], place[1], radius.doubleValue());
  }

  private static Filter geoBox(String column, @Nullable Object value, String at) {
    if (!(value instanceof Map<?, ?> map)
        || !map.keySet().equals(Set.of("top_left", "bottom_right"))) {
      throw new InvalidInputException(
          at,
          "must be an object with top_left and bottom_right, each lat and lon (degrees), got "
              + shape(value));
    }
    var northWest = corner(map.get("top_left"), at + "/top_left");
    var southEast = corner(map.get("bottom_right"), at + "/bottom_right");
    if (northWest[0] < southEast[0]) {
      throw new InvalidInputException(
          at + "/top_left/lat",
          "must be at least bottom_right's, got " + northWest[0] + " and " + southEast[0]);
    }
    return new Filter.GeoBox(column, southEast[0], northWest[1], northWest[0], southEast[1]);
  }

  private static double[] corner(@Nullable Object json, String at) {
    if (!(json instanceof Map<?, ?> map) || !map.keySet().equals(Set.of("lat", "lon"))) {
      throw new InvalidInputException(
          at, "must be an object with lat and lon (degrees), got " + shape(json));
    }
    return AttributeValues.place(map.get("lat"), map.get("lon"), at);
  }

  private static Object required(@Nullable Object value, String pointer) {
    if (value == null) {
      throw new InvalidInputException(
          pointer, "must not be null or missing: exists with value false finds missing values");
    }
    return value;
  }

  private static List<?> list(@Nullable Object value, String pointer) {
    if (!(value instanceof List<?> list)) {
      throw new InvalidInputException(pointer, "must be an array, got " + shape(value));
    }
    if (list.size() > MAX_VALUES) {
      throw new InvalidInputException(
          pointer, "may have " + MAX_VALUES + " values, got " + list.size());
    }
    for (int i = 0; i < list.size(); i++) {
      required(list.get(i), pointer + "/" + i);
    }
    return list;
  }

  private static String shape(@Nullable Object json) {
    return AttributeValues.shape(json);
  }
}
