package io.mosaicdb.storage.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.model.filter.FilterParser;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttributeColumnsTest {
  private static final Schema SCHEMA =
      Schema.standard(0)
          .with("lang", new Attribute(AttributeType.STRING, true))
          .with("year", new Attribute(AttributeType.INTEGER, true))
          .with("price", new Attribute(AttributeType.FLOAT, true))
          .with("open", new Attribute(AttributeType.BOOLEAN, true))
          .with("tags", new Attribute(AttributeType.STRINGS, true))
          .with("sizes", new Attribute(AttributeType.INTEGERS, true))
          .with("published", new Attribute(AttributeType.DATETIME, true))
          .with("at", new Attribute(AttributeType.GEO, true));

  private AttributeColumns columns = new AttributeColumns();

  @BeforeEach
  void fill() {
    columns = new AttributeColumns();
    add(
        0,
        Map.of("lang", "en", "year", 2019L, "price", 1.5, "open", true, "tags", List.of("a", "b")));
    add(
        1,
        Map.of(
            "lang", "de", "year", 2020L, "price", -0.0, "open", false, "sizes", List.of(1L, 9L)));
    add(2, Map.of());
    add(
        3,
        Map.of(
            "lang",
            "english",
            "year",
            2021L,
            "price",
            10.0,
            "tags",
            List.of("b", "c"),
            "published",
            "2026-01-31T12:00:00Z",
            "at",
            Map.of("lat", 52.52, "lon", 13.405)));
    add(4, Map.of("lang", "", "tags", List.of(), "at", Map.of("lat", 48.8566, "lon", 2.3522)));
  }

  @Test
  void measuresGreatCircles() {
    // Berlin to Paris is 878 km.
    assertThat(matching(radius(900_000))).isEqualTo("3 4");
    assertThat(matching(radius(870_000))).isEqualTo("3");
  }

  @Test
  void combinesConditions() {
    Map<String, Object> english = Map.of("field", "lang", "op", "prefix", "value", "en");
    Map<String, Object> late = Map.of("field", "year", "op", "gte", "value", 2020);

    assertThat(matching(Map.of("and", List.of(english, late)))).isEqualTo("3");
    assertThat(matching(Map.of("or", List.of(english, late)))).isEqualTo("0 1 3");
    assertThat(matching(Map.of("not", Map.of("or", List.of(english, late))))).isEqualTo("2 4");
  }

  @Test
  void seesOnlyTheVisibleDocuments() {
    var filter = FilterParser.parse(Map.of("field", "lang", "op", "exists"), SCHEMA, "/filter");

    assertThat(columns.evaluate(filter, 1).cardinality()).isEqualTo(1);
    assertThat(columns.evaluate(filter, 5).cardinality()).isEqualTo(4);
  }

  private static Map<String, Object> radius(double meters) {
    return Map.of(
        "field",
        "at",
        "op",
        "geo_radius",
        "value",
        Map.of("lat", 52.5, "lon", 13.4, "radius_m", meters));
  }

  private String matching(Object json) {
    var found = new ArrayList<String>();
    columns
        .evaluate(FilterParser.parse(json, SCHEMA, "/filter"), 5)
        .forEach(ordinal -> found.add(Integer.toString(ordinal)));
    return String.join(" ", found);
  }

  private void add(int ordinal, Map<String, Object> attributes) {
    columns.append(ordinal, attributes, SCHEMA.attributes());
  }
}
