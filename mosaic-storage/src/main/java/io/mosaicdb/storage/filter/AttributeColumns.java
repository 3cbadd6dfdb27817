package io.mosaicdb.storage.filter;

import io.mosaicdb.model.filter.Filter;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.storage.bits.OrdinalSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The filterable attributes of one segment, by name. One thread appends documents in ordinal order;
 * any number read.
 */
public final class AttributeColumns {
  private final Map<String, AttributeColumn> columns = new ConcurrentHashMap<>();

  /**
   * Appends the document's filterable attributes; values as {@link io.mosaicdb.model.document}
   * describes them.
   */
  public void append(int ordinal, Map<String, Object> attributes, Map<String, Attribute> schema) {
    attributes.forEach((name, value) -> {
      var attribute = schema.get(name);
      if (attribute == null || !attribute.filterable()) {
        return;
      }
      if (attribute.type().isArray()) {
        ((List<?>) value).forEach(element -> append(ordinal, name, attribute.type(), element));
      } else {
        append(ordinal, name, attribute.type(), value);
      }
    });
  }

  /**
   * Appends one value of one attribute; {@code type} is not an array's, {@code value} as it is
   * stored.
   */
  public void append(int ordinal, String name, AttributeType type, Object value) {
    columns
        .computeIfAbsent(name, _ -> AttributeColumn.of(type))
        .append(ordinal, columnValue(type.elementType(), value));
  }

  private static Object columnValue(AttributeType type, Object value) {
    return switch (type) {
      case DATETIME -> Instant.parse((String) value).toEpochMilli();
      case INTEGER -> ((Number) value).longValue();
      case GEO -> {
        var map = (Map<?, ?>) value;
        yield new double[] {degrees(map.get("lat")), degrees(map.get("lon"))};
      }
      case STRING, FLOAT, BOOLEAN, STRINGS, INTEGERS, FLOATS -> value;
    };
  }

  private static double degrees(@org.jspecify.annotations.Nullable Object value) {
    return ((Number) java.util.Objects.requireNonNull(value)).doubleValue();
  }

  /** The documents among the first {@code visible} that meet {@code filter}. */
  public OrdinalSet evaluate(Filter filter, int visible) {
    return switch (filter) {
      case Filter.And and -> {
        var result = OrdinalSet.all(visible);
        for (Filter part : and.parts()) {
          result = result.and(evaluate(part, visible));
        }
        yield result;
      }
      case Filter.Or or -> {
        var result = OrdinalSet.none(visible);
        for (Filter part : or.parts()) {
          result = result.or(evaluate(part, visible));
        }
        yield result;
      }
      case Filter.Not not -> evaluate(not.part(), visible).not();
      case Filter.In in -> leaf(in.field(), in, visible);
      case Filter.Range range -> leaf(range.field(), range, visible);
      case Filter.Prefix prefix -> leaf(prefix.field(), prefix, visible);
      case Filter.Exists exists -> leaf(exists.field(), exists, visible);
      case Filter.GeoRadius circle -> leaf(circle.field(), circle, visible);
    };
  }

  private OrdinalSet leaf(String field, Filter condition, int visible) {
    var column = columns.get(field);
    var bits = new long[OrdinalSet.wordsFor(visible)];
    if (column != null) {
      column.collect(condition, visible, bits);
    }
    return OrdinalSet.wrap(bits, visible);
  }

  /** About how much memory the columns take. */
  public long bytes() {
    return columns.values().stream().mapToLong(AttributeColumn::bytes).sum();
  }
}
