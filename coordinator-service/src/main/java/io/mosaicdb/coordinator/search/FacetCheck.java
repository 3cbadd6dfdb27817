package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.FacetBody;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.worker.FacetPart;
import io.mosaicdb.coordinator.namespace.Durations;
import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.filter.ColumnName;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.AttributeValues;
import io.mosaicdb.model.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks which facets are asked for. */
final class FacetCheck {
  private static final int MOST_FACETS = 32;
  private static final int MOST_RANGES = 100;
  private static final int MOST_NAME = 64;
  private static final int STANDARD_LIMIT = 10;
  private static final Set<String> CALENDAR = Set.of("day", "week", "month", "quarter", "year");
  private static final Map<String, Set<String>> KEYS =
      Map.of(
          "values", Set.of("field", "name", "type", "limit"),
          "histogram", Set.of("field", "name", "type", "interval", "offset"),
          "date_histogram", Set.of("field", "name", "type", "interval", "offset"),
          "ranges", Set.of("field", "name", "type", "ranges"),
          "stats", Set.of("field", "name", "type"));

  private final Schema schema;

  private FacetCheck(Schema schema) {
    this.schema = schema;
  }

  static List<FacetBody> check(SearchRequest request, Schema schema) {
    if (request.facets() == null) {
      return List.of();
    }
    if (request.facets().size() > MOST_FACETS) {
      throw MosaicException.invalidValue(
          "/facets", "may have " + MOST_FACETS + " facets, got " + request.facets().size());
    }
    var check = new FacetCheck(schema);
    var facets = new ArrayList<FacetBody>();
    var names = new HashSet<String>();
    for (int i = 0; i < request.facets().size(); i++) {
      var facet = check.facet(request.facets().get(i), "/facets/" + i);
      if (!names.add(facet.name())) {
        throw MosaicException.invalidValue(
            "/facets/" + i + "/name", "'" + facet.name() + "' is there already: give another name");
      }
      facets.add(facet);
    }
    return facets;
  }

  private FacetBody facet(@Nullable Object json, String at) {
    if (json instanceof String field) {
      return facet(Map.of("field", field), at);
    }
    if (json instanceof Map<?, ?> map) {
      return facet(map, at);
    }
    throw MosaicException.invalidValue(
        at,
        "must be an attribute's name or an object with field and type, got "
            + AttributeValues.shape(json));
  }

  private FacetBody facet(Map<?, ?> map, String at) {
    var type = map.get("type") == null ? "values" : map.get("type");
    var keys = KEYS.get(String.valueOf(type));
    if (keys == null) {
      throw MosaicException.invalidValue(
          at + "/type",
          "must be values, histogram, date_histogram, ranges or stats, got "
              + AttributeValues.shape(type));
    }
    for (Object key : map.keySet()) {
      if (!keys.contains(key)) {
        throw MosaicException.at(
            ErrorCode.UNKNOWN_FIELD,
            at + InvalidInputException.token(String.valueOf(key)),
            "is not part of a facet of type " + type);
      }
    }
    if (!(map.get("field") instanceof String field)) {
      throw MosaicException.invalidValue(
          at + "/field",
          "must be an attribute's name, got " + AttributeValues.shape(map.get("field")));
    }
    var column = ColumnValues.column(field, schema, at + "/field");
    requireFit(String.valueOf(type), column.type(), at);
    var name = map.get("name") == null ? field : map.get("name");
    if (!(name instanceof String text) || text.isEmpty() || text.length() > MOST_NAME) {
      throw MosaicException.invalidValue(
          at + "/name",
          "must be a string of 1 to "
              + MOST_NAME
              + " characters, got "
              + AttributeValues.shape(name));
    }
    return switch (String.valueOf(type)) {
      case "histogram" ->
          new FacetBody(
              text,
              field,
              "histogram",
              null,
              positive(map.get("interval"), at + "/interval"),
              map.get("offset") == null ? 0.0 : number(map.get("offset"), at + "/offset"),
              null);
      case "date_histogram" -> dates(text, field, map, at);
      case "ranges" ->
          new FacetBody(
              text, field, "ranges", null, null, null, ranges(map.get("ranges"), column, at));
      case "stats" -> new FacetBody(text, field, "stats", null, null, null, null);
      default ->
          new FacetBody(text, field, "values", limit(map.get("limit"), at), null, null, null);
    };
  }

  private static void requireFit(String type, AttributeType attribute, String at) {
    var element = attribute.elementType();
    boolean number = element == AttributeType.INTEGER || element == AttributeType.FLOAT;
    boolean fits =
        switch (type) {
          case "values" -> element != AttributeType.GEO;
          case "histogram" -> number;
          case "date_histogram" -> element == AttributeType.DATETIME;
          default -> number || element == AttributeType.DATETIME;
        };
    if (!fits) {
      throw MosaicException.invalidValue(
          at + "/type", type + " does not count attributes of type " + attribute.wireName());
    }
  }

  private static int limit(@Nullable Object json, String at) {
    if (json == null) {
      return STANDARD_LIMIT;
    }
    if (!(json instanceof Integer limit) || limit < 1 || limit > FacetPart.MOST_VALUES) {
      throw MosaicException.invalidValue(
          at + "/limit",
          "must be an integer between 1 and "
              + FacetPart.MOST_VALUES
              + ", got "
              + AttributeValues.shape(json));
    }
    return limit;
  }

  private static double number(@Nullable Object json, String at) {
    if (!(json instanceof Number number) || !Double.isFinite(number.doubleValue())) {
      throw MosaicException.invalidValue(
          at, "must be a number, got " + AttributeValues.shape(json));
    }
    return number.doubleValue();
  }

  private static double positive(@Nullable Object json, String at) {
    double number = number(json, at);
    if (number <= 0) {
      throw MosaicException.invalidValue(at, "must be above 0, got " + number);
    }
    return number;
  }

  private static FacetBody dates(String name, String field, Map<?, ?> map, String at) {
    var interval = map.get("interval");
    var offset = map.get("offset");
    if (interval instanceof String unit && CALENDAR.contains(unit)) {
      if (offset != null) {
        throw MosaicException.invalidValue(
            at + "/offset", "belongs to a duration, not to " + unit + "s of the calendar");
      }
      return new FacetBody(name, field, "date_histogram", null, unit, null, null);
    }
    long width = milliseconds(interval, at + "/interval");
    if (width < 1) {
      throw MosaicException.invalidValue(
          at + "/interval", "must be at least 1ms, got '" + interval + "'");
    }
    long start = offset == null ? 0 : milliseconds(offset, at + "/offset");
    return new FacetBody(name, field, "date_histogram", null, width, start, null);
  }

  private static long milliseconds(@Nullable Object json, String at) {
    try {
      if (json instanceof String text) {
        return Durations.parse(text).toMillis();
      }
    } catch (IllegalArgumentException _) {
      // Said below, with the units.
    }
    throw MosaicException.invalidValue(
        at,
        "must be day, week, month, quarter, year or a duration such as 12h, got "
            + AttributeValues.shape(json));
  }

  private static List<FacetBody.RangeBody> ranges(
      @Nullable Object json, ColumnName column, String at) {
    if (!(json instanceof List<?> list) || list.isEmpty() || list.size() > MOST_RANGES) {
      throw MosaicException.invalidValue(
          at + "/ranges",
          "must be an array of 1 to "
              + MOST_RANGES
              + " ranges, got "
              + (json instanceof List<?> many ? many.size() : AttributeValues.shape(json)));
    }
    var ranges = new ArrayList<FacetBody.RangeBody>(list.size());
    for (int i = 0; i < list.size(); i++) {
      var here = at + "/ranges/" + i;
      if (!(list.get(i) instanceof Map<?, ?> range)
          || range.isEmpty()
          || !Set.of("from", "to").containsAll(range.keySet())) {
        throw MosaicException.invalidValue(
            here,
            "must be an object with from, to or both, got " + AttributeValues.shape(list.get(i)));
      }
      var from = bound(range.get("from"), column.type(), here + "/from");
      var to = bound(range.get("to"), column.type(), here + "/to");
      if (from != null && to != null && from.doubleValue() > to.doubleValue()) {
        throw MosaicException.invalidValue(
            here + "/from", "must be at most to, got " + range.get("from"));
      }
      ranges.add(new FacetBody.RangeBody(from, to));
    }
    return ranges;
  }

  /**
   * As columns compare it: whole numbers for integers, where a fraction bounds what is above it.
   */
  private static @Nullable Number bound(@Nullable Object json, AttributeType type, String at) {
    if (json == null) {
      return null;
    }
    try {
      var value = (Number) AttributeValues.scalar(json, type.elementType(), true, at);
      return type.elementType() == AttributeType.INTEGER && value instanceof Double fraction
          ? (Number) (long) Math.ceil(fraction)
          : value;
    } catch (InvalidInputException e) {
      throw MosaicException.invalidValue(e.pointer(), String.valueOf(e.getMessage()));
    }
  }
}
