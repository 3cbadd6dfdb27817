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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /**
   * The truth table: which of the five documents meet the condition; document 2 lacks every
   * attribute.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lang | eq | en | 0",
        "lang | ne | en | 1 2 3 4",
        "lang | eq | nope | ''",
        "lang | prefix | en | 0 3",
        "lang | prefix | '' | 0 1 3 4",
        "lang | gt | de | 0 3",
        "lang | gte | de | 0 1 3",
        "lang | lt | en | 1 4",
        "lang | lte | en | 0 1 4",
        "lang | in | en,de | 0 1",
        "lang | not_in | en,de | 2 3 4",
        "lang | exists | true | 0 1 3 4",
        "lang | exists | false | 2",
        "year | eq | 2020 | 1",
        "year | ne | 2020 | 0 2 3 4",
        "year | gt | 2019 | 1 3",
        "year | gte | 2019.5 | 1 3",
        "year | lt | 2020 | 0",
        "year | lte | 2020.5 | 0 1",
        "year | in | 2019,2021 | 0 3",
        "year | exists | false | 2 4",
        "price | eq | 0 | 1",
        "price | gt | 0 | 0 3",
        "price | gte | 0 | 0 1 3",
        "price | lt | 1.5 | 1",
        "price | lte | 1.5 | 0 1",
        "price | ne | 10 | 0 1 2 4",
        "open | eq | true | 0",
        "open | eq | false | 1",
        "open | ne | true | 1 2 3 4",
        "open | exists | true | 0 1",
        "tags | contains | b | 0 3",
        "tags | eq | b | 0 3",
        "tags | ne | b | 1 2 4",
        "tags | contains_any | a,c | 0 3",
        "tags | not_in | a | 1 2 3 4",
        "tags | exists | true | 0 3",
        "tags | prefix | c | 3",
        "sizes | gt | 5 | 1",
        "sizes | contains | 9 | 1",
        "published | gte | 2026-01-31 | 3",
        "published | lt | 2026-01-31 | ''",
        "published | eq | 2026-01-31T13:00:00+01:00 | 3",
        "at | exists | true | 3 4",
      })
  void holdsTheTruthTable(String field, String op, String value, String expected) {
    assertThat(matching(Map.of("field", field, "op", op, "value", json(field, op, value))))
        .isEqualTo(expected);
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

  private static Object json(String field, String op, String value) {
    if (op.equals("exists")) {
      return Boolean.valueOf(value);
    }
    if (op.equals("in") || op.equals("not_in") || op.equals("contains_any")) {
      return List.of(value.split(",")).stream().map(part -> json(field, "eq", part)).toList();
    }
    return switch (field) {
      case "year", "sizes" ->
          value.contains(".") ? (Object) Double.valueOf(value) : (Object) Long.valueOf(value);
      case "price" -> Double.valueOf(value);
      case "open" -> Boolean.valueOf(value);
      default -> value;
    };
  }

  private void add(int ordinal, Map<String, Object> attributes) {
    columns.append(ordinal, attributes, SCHEMA.attributes());
  }
}
