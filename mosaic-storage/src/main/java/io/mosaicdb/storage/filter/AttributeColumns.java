package io.mosaicdb.storage.filter;

import io.mosaicdb.model.document.UrlHost;
import io.mosaicdb.model.filter.ColumnName;
import io.mosaicdb.model.filter.Filter;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.storage.bits.OrdinalSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The filterable attributes of one segment, by name. One thread appends documents in ordinal order;
 * any number read.
 */
public final class AttributeColumns {
  private final Map<String, AttributeColumn> columns = new ConcurrentHashMap<>();
  private final @Nullable PlaceIndex places;

  /** Places are found in their column. */
  public AttributeColumns() {
    this.places = null;
  }

  /** Places are found through {@code places}; they have a column only where one is filled. */
  public AttributeColumns(PlaceIndex places) {
    this.places = places;
  }

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

  /** Appends the host of the document's url, where it has one. */
  public void appendHost(int ordinal, @Nullable String url) {
    UrlHost.of(url)
        .ifPresent(host -> append(ordinal, ColumnName.DERIVED_HOST, AttributeType.STRING, host));
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

  private static double degrees(@Nullable Object value) {
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
      case Filter.GeoRadius circle ->
          places == null
              ? leaf(circle.field(), circle, visible)
              : places.within(circle.field(), GeoArea.of(circle), visible);
      case Filter.GeoBox box ->
          places == null
              ? leaf(box.field(), box, visible)
              : places.within(box.field(), GeoArea.of(box), visible);
    };
  }

  /**
   * About how many of the first {@code visible} documents meet {@code filter}, from statistics
   * alone. Conditions on different attributes are taken to have nothing to do with each other.
   */
  public double estimate(Filter filter, int visible) {
    return visible * share(filter, visible);
  }

  private double share(Filter filter, int visible) {
    return switch (filter) {
      case Filter.And and -> {
        double share = 1;
        for (Filter part : IntersectedRanges.of(and.parts())) {
          share *= share(part, visible);
        }
        yield share;
      }
      case Filter.Or or -> {
        double none = 1;
        for (Filter part : or.parts()) {
          none *= 1 - share(part, visible);
        }
        yield 1 - none;
      }
      case Filter.Not not -> 1 - share(not.part(), visible);
      case Filter.In in -> leafShare(in.field(), in, visible);
      case Filter.Range range -> leafShare(range.field(), range, visible);
      case Filter.Prefix prefix -> leafShare(prefix.field(), prefix, visible);
      case Filter.Exists exists -> leafShare(exists.field(), exists, visible);
      case Filter.GeoRadius circle -> placeShare(circle.field(), circle, visible);
      case Filter.GeoBox box -> placeShare(box.field(), box, visible);
    };
  }

  private double placeShare(String field, Filter area, int visible) {
    return places == null
        ? leafShare(field, area, visible)
        : places.share(field, GeoArea.of(area), visible);
  }

  private double leafShare(String field, Filter condition, int visible) {
    var column = columns.get(field);
    return column == null ? 0 : column.statistics(visible).share(condition);
  }

  /** The values of a column among the first {@code visible} documents; empty without any. */
  public Optional<ColumnView> view(String name, int visible) {
    return Optional.ofNullable(columns.get(name)).map(column -> column.view(visible));
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
