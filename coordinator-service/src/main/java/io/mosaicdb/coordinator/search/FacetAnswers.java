package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.FacetBody;
import io.mosaicdb.contract.worker.FacetPart;
import io.mosaicdb.contract.worker.FacetPart.StatisticsPart;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds up what the workers counted and puts it into the answer's form. */
final class FacetAnswers {
  private static final Comparator<Line> BY_VALUE = Line::compareValues;
  private static final Comparator<Line> MOST_FIRST =
      Comparator.comparingLong(Line::count).reversed().thenComparing(BY_VALUE);

  private FacetAnswers() {}

  private record Line(Object value, long count) {
    @SuppressWarnings("unchecked")
    private int compareValues(Line other) {
      return ((Comparable<Object>) value).compareTo(other.value);
    }
  }

  /** The facets of a query by name, null without any. */
  static @Nullable Map<String, Object> of(
      SearchQuery query, List<Scatter.Answer> answers, boolean full) {
    if (query.facets().isEmpty()) {
      return null;
    }
    var counted = new ArrayList<Map<String, FacetPart>>();
    for (var answer : answers) {
      if (answer.response().facets() != null) {
        counted.add(answer.response().facets());
      }
    }
    return of(query.facets(), query.definition().schema(), counted, full);
  }

  /**
   * @param counted what each worker counted, by the facets' names
   * @param full whether every shard answered; else counts are lower bounds
   */
  static Map<String, Object> of(
      List<FacetBody> facets, Schema schema, List<Map<String, FacetPart>> counted, boolean full) {
    var bodies = new LinkedHashMap<String, Object>();
    for (FacetBody facet : facets) {
      var parts = new ArrayList<FacetPart>();
      for (var each : counted) {
        var part = each.get(facet.name());
        if (part != null) {
          parts.add(part);
        }
      }
      // Of values that one worker left out another may have counted some.
      boolean exact =
          full
              && parts.stream().allMatch(FacetPart::exact)
              && (parts.size() == 1 || parts.stream().allMatch(FacetPart::complete));
      bodies.put(facet.name(), body(facet, schema, parts, exact));
    }
    return bodies;
  }

  private static Object body(FacetBody facet, Schema schema, List<FacetPart> parts, boolean exact) {
    var type = ColumnValues.column(facet.field(), schema, "/facets").type();
    if (facet.type().equals("stats")) {
      return statistics(parts, type, exact);
    }
    var lines = sum(parts, facet.type().equals("ranges") ? AttributeType.INTEGER : type, facet);
    return switch (facet.type()) {
      case "values" ->
          lines.stream()
              .sorted(MOST_FIRST)
              .limit(facet.limit() == null ? 0 : facet.limit())
              .map(line -> counted(line, type, exact))
              .toList();
      case "ranges" -> ranges(facet, type, lines, exact);
      default -> lines.stream().sorted(BY_VALUE).map(line -> counted(line, type, exact)).toList();
    };
  }

  private static List<Line> sum(List<FacetPart> parts, AttributeType type, FacetBody facet) {
    var counts = new HashMap<Object, Long>();
    // Buckets of integers with a broken width start at fractions.
    boolean fractions =
        facet.type().equals("histogram")
            && parts.stream()
                .flatMap(part -> part.counts().stream())
                .anyMatch(count -> count.value() instanceof Double);
    for (FacetPart part : parts) {
      for (var count : part.counts()) {
        var value = ColumnValues.comparable(count.value(), fractions ? AttributeType.FLOAT : type);
        counts.merge(value, count.count(), Long::sum);
      }
    }
    var lines = new ArrayList<Line>(counts.size());
    counts.forEach((value, count) -> lines.add(new Line(value, count)));
    return lines;
  }

  private static Map<String, Object> counted(Line line, AttributeType type, boolean exact) {
    var body = new LinkedHashMap<String, Object>();
    body.put("value", ColumnValues.shown(line.value(), type));
    body.put("count", line.count());
    return said(body, exact);
  }

  private static List<Map<String, Object>> ranges(
      FacetBody facet, AttributeType type, List<Line> lines, boolean exact) {
    var counts = new HashMap<Object, Long>();
    lines.forEach(line -> counts.put(line.value(), line.count()));
    var ranges = facet.ranges() == null ? List.<FacetBody.RangeBody>of() : facet.ranges();
    var bodies = new ArrayList<Map<String, Object>>(ranges.size());
    for (int i = 0; i < ranges.size(); i++) {
      var body = new LinkedHashMap<String, Object>();
      var from = ranges.get(i).from();
      if (from != null) {
        body.put("from", ColumnValues.shown(from, type));
      }
      var to = ranges.get(i).to();
      if (to != null) {
        body.put("to", ColumnValues.shown(to, type));
      }
      body.put("count", counts.getOrDefault((long) i, 0L));
      bodies.add(said(body, exact));
    }
    return bodies;
  }

  /** What is not exact says so; without a word it is. */
  private static Map<String, Object> said(Map<String, Object> body, boolean exact) {
    if (!exact) {
      body.put("relation", "gte");
    }
    return body;
  }

  private static Map<String, Object> statistics(
      List<FacetPart> parts, AttributeType type, boolean exact) {
    long values = 0;
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (FacetPart part : parts) {
      StatisticsPart statistics = part.statistics();
      if (statistics != null) {
        values += statistics.values();
        sum += statistics.sum();
        least = Math.min(least, statistics.least());
        greatest = Math.max(greatest, statistics.greatest());
      }
    }
    var body = new LinkedHashMap<String, Object>();
    body.put("count", values);
    if (values > 0) {
      body.put("min", number(least, type));
      body.put("max", number(greatest, type));
      body.put(
          "avg", number(sum / values, type == AttributeType.DATETIME ? type : AttributeType.FLOAT));
      if (type != AttributeType.DATETIME) {
        body.put("sum", sum);
      }
    }
    return said(body, exact);
  }

  private static Object number(double value, AttributeType type) {
    return type.elementType() == AttributeType.FLOAT
        ? (Object) value
        : ColumnValues.shown((long) value, type);
  }
}
