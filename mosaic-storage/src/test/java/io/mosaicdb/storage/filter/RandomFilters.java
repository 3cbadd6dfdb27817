package io.mosaicdb.storage.filter;

import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Random attributes of every type, often missing, and random filters on them, as JSON. */
public final class RandomFilters {
  private static final List<String> WORDS = List.of("", "a", "ab", "abc", "b", "ba", "é", "zz");
  private static final Map<String, AttributeType> TYPES =
      new TreeMap<>(
          Map.of(
              "word", AttributeType.STRING,
              "whole", AttributeType.INTEGER,
              "real", AttributeType.FLOAT,
              "flag", AttributeType.BOOLEAN,
              "time", AttributeType.DATETIME,
              "place", AttributeType.GEO,
              "words", AttributeType.STRINGS,
              "wholes", AttributeType.INTEGERS,
              "reals", AttributeType.FLOATS));

  private final Random random;

  public RandomFilters(Random random) {
    this.random = random;
  }

  public static Schema withAttributes(Schema schema) {
    var extended = schema;
    for (var entry : TYPES.entrySet()) {
      extended = extended.with(entry.getKey(), new Attribute(entry.getValue(), true));
    }
    return extended;
  }

  /** Values as they are stored. */
  public SortedMap<String, Object> attributes() {
    var attributes = new TreeMap<String, Object>();
    TYPES.forEach((name, type) -> {
      if (random.nextInt(5) == 0) {
        return;
      }
      if (type.isArray()) {
        var elements = new ArrayList<Object>();
        for (int n = random.nextInt(4); n > 0; n--) {
          elements.add(scalar(type.elementType()));
        }
        attributes.put(name, elements);
      } else {
        attributes.put(name, scalar(type));
      }
    });
    return attributes;
  }

  /** A filter nested up to {@code depth} deep. */
  public Map<String, Object> next(int depth) {
    int kind = depth == 0 ? 9 : random.nextInt(10);
    if (kind < 2) {
      return Map.of(kind == 0 ? "and" : "or", parts(depth));
    }
    return kind == 2 ? Map.of("not", next(depth - 1)) : condition();
  }

  private List<Object> parts(int depth) {
    var parts = new ArrayList<Object>();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      parts.add(next(depth - 1));
    }
    return parts;
  }

  private Map<String, Object> condition() {
    var names = List.copyOf(TYPES.keySet());
    var name = names.get(random.nextInt(names.size()));
    var type = java.util.Objects.requireNonNull(TYPES.get(name));
    var element = type.elementType();
    if (random.nextInt(12) == 0) {
      return Map.of("field", name, "op", "exists", "value", random.nextBoolean());
    }
    if (element == AttributeType.GEO) {
      return geo(name);
    }
    var operators = new ArrayList<>(List.of("eq", "ne", "in", "not_in"));
    if (type.isArray()) {
      operators.addAll(List.of("contains", "contains_any"));
    }
    if (element != AttributeType.BOOLEAN) {
      operators.addAll(List.of("gt", "gte", "lt", "lte"));
    }
    if (element == AttributeType.STRING) {
      operators.add("prefix");
    }
    var op = operators.get(random.nextInt(operators.size()));
    return Map.of("field", name, "op", op, "value", operand(op, element));
  }

  private Object operand(String op, AttributeType element) {
    if (op.equals("in") || op.equals("not_in") || op.equals("contains_any")) {
      var values = new ArrayList<Object>();
      for (int n = random.nextInt(4); n > 0; n--) {
        values.add(asked(element));
      }
      return values;
    }
    return asked(element);
  }

  /** Values in requests may be fractions of integers, and times of any offset. */
  private Object asked(AttributeType element) {
    if (element == AttributeType.INTEGER && random.nextInt(6) == 0) {
      return random.nextInt(40) / 4.0;
    }
    var value = scalar(element);
    return element == AttributeType.DATETIME && random.nextBoolean()
        ? Instant.parse((String) value)
            .atOffset(ZoneOffset.ofHours(random.nextInt(25) - 12))
            .toString()
        : value;
  }

  private Map<String, Object> geo(String name) {
    if (random.nextBoolean()) {
      return Map.of(
          "field",
          name,
          "op",
          "geo_radius",
          "value",
          Map.of(
              "lat", latitude(),
              "lon", longitude(),
              "radius_m", Math.pow(10, 4 + 3.2 * random.nextDouble())));
    }
    double one = latitude();
    double other = latitude();
    return Map.of(
        "field",
        name,
        "op",
        "geo_box",
        "value",
        Map.of(
            "top_left", Map.of("lat", Math.max(one, other), "lon", longitude()),
            "bottom_right", Map.of("lat", Math.min(one, other), "lon", longitude())));
  }

  private Object scalar(AttributeType type) {
    return switch (type) {
      case STRING -> WORDS.get(random.nextInt(WORDS.size()));
      case INTEGER -> (long) random.nextInt(12) - 2;
      case FLOAT -> random.nextInt(9) == 0 ? -0.0 : random.nextInt(32) / 8.0 - 1;
      case BOOLEAN -> random.nextBoolean();
      case DATETIME -> Instant.ofEpochSecond(86_400L * random.nextInt(-5, 30)).toString();
      case GEO -> Map.of("lat", latitude(), "lon", longitude());
      case STRINGS, INTEGERS, FLOATS -> throw new AssertionError(type);
    };
  }

  private double latitude() {
    return random.nextInt(15) == 0 ? 90 : random.nextDouble() * 180 - 90;
  }

  private double longitude() {
    return random.nextInt(10) == 0 ? 180 : random.nextDouble() * 360 - 180;
  }
}
