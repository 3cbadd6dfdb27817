package io.mosaicdb.worker.search;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.FacetBody;
import io.mosaicdb.contract.worker.FacetPart;
import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.filter.ColumnName;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.facet.Facet;
import io.mosaicdb.storage.facet.FacetCounts;
import io.mosaicdb.storage.facet.TimeBuckets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Facets between the wire and the segments. */
final class WorkerFacets {
  private WorkerFacets() {}

  static List<Facet> facets(Schema schema, @Nullable List<FacetBody> bodies) {
    if (bodies == null) {
      return List.of();
    }
    return bodies.stream().map(body -> facet(schema, body)).toList();
  }

  private static Facet facet(Schema schema, FacetBody body) {
    var column = column(schema, body.field(), "/facets");
    var name = column.name();
    return switch (body.type()) {
      case "values" -> new Facet.Values(name);
      case "histogram" ->
          new Facet.Histogram(
              name, number(body.interval()).doubleValue(), number(body.offset()).doubleValue());
      case "date_histogram" -> new Facet.DateHistogram(name, buckets(body));
      case "ranges" ->
          new Facet.Ranges(
              name,
              Objects.requireNonNull(body.ranges()).stream()
                  .map(range ->
                      new Facet.Range(bound(column, range.from()), bound(column, range.to())))
                  .toList());
      case "stats" -> new Facet.Statistics(name);
      default -> throw MosaicException.invalidValue("/facets", "unknown type " + body.type());
    };
  }

  private static @Nullable Number bound(ColumnName column, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return column.type().elementType() == AttributeType.FLOAT
        ? (Number) number(value).doubleValue()
        : (Number) number(value).longValue();
  }

  private static TimeBuckets buckets(FacetBody body) {
    if (body.interval() instanceof Number width) {
      return new TimeBuckets.Fixed(width.longValue(), number(body.offset()).longValue());
    }
    var unit = String.valueOf(body.interval());
    return unit.equals("day")
        ? TimeBuckets.Calendar.DAY_OF_UTC
        : TimeBuckets.Calendar.valueOf(unit.toUpperCase(Locale.ROOT));
  }

  private static Number number(@Nullable Object value) {
    return value == null ? 0 : (Number) value;
  }

  static ColumnName column(Schema schema, String field, String pointer) {
    try {
      return ColumnName.of(field, schema, pointer);
    } catch (InvalidInputException e) {
      throw MosaicException.invalidValue(e.pointer(), String.valueOf(e.getMessage()));
    }
  }

  /**
   * @param whole whether every segment was counted
   */
  static Map<String, FacetPart> parts(
      List<FacetBody> bodies, List<FacetCounts> counted, boolean whole) {
    var parts = new LinkedHashMap<String, FacetPart>();
    for (int i = 0; i < bodies.size(); i++) {
      var body = bodies.get(i);
      var counts = counted.get(i);
      if (body.type().endsWith("histogram") && counts.counts().size() > FacetPart.MOST_VALUES) {
        throw MosaicException.invalidValue(
            "/facets/" + i + "/interval",
            "makes more than " + FacetPart.MOST_VALUES + " buckets, take a larger one");
      }
      parts.put(body.name(), part(counts.cutTo(FacetPart.MOST_VALUES), counts.isComplete(), whole));
    }
    return parts;
  }

  private static FacetPart part(FacetCounts counts, boolean exact, boolean whole) {
    var statistics = counts.statistics();
    return new FacetPart(
        counts.counts().entrySet().stream()
            .map(entry -> new FacetPart.CountPart(entry.getKey(), entry.getValue()))
            .toList(),
        statistics == null
            ? null
            : new FacetPart.StatisticsPart(
                statistics.values(), statistics.least(), statistics.greatest(), statistics.sum()),
        exact && whole,
        counts.isComplete());
  }
}
