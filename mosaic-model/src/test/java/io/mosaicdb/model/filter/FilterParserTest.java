package io.mosaicdb.model.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterParserTest {
  private static final Schema SCHEMA =
      Schema.standard(0)
          .with("lang", new Attribute(AttributeType.STRING, true))
          .with("year", new Attribute(AttributeType.INTEGER, true))
          .with("price", new Attribute(AttributeType.FLOAT, true))
          .with("tags", new Attribute(AttributeType.STRINGS, true))
          .with("at", new Attribute(AttributeType.GEO, true))
          .with("published", new Attribute(AttributeType.DATETIME, true))
          .with("secret", new Attribute(AttributeType.STRING, false));

  @Test
  void readsNestedConditions() {
    var filter =
        parse(
            Map.of(
                "and",
                List.of(
                    condition("lang", "eq", "en"), Map.of("not", condition("year", "lt", 2020)))));

    assertThat(filter)
        .isEqualTo(
            new Filter.And(
                List.of(
                    new Filter.In("lang", List.of("en")),
                    new Filter.Not(new Filter.Range("year", null, false, 2020L, false)))));
  }

  @Test
  void roundsAFractionToTheIntegersItBounds() {
    assertThat(parse(condition("year", "gt", 2.5)))
        .isEqualTo(new Filter.Range("year", 3L, true, null, false));
    assertThat(parse(condition("year", "lt", 2.5)))
        .isEqualTo(new Filter.Range("year", null, false, 2L, true));
    assertThat(parse(condition("year", "eq", 2.5))).isEqualTo(new Filter.In("year", List.of()));
    assertThat(parse(condition("year", "gt", 1e30))).isEqualTo(new Filter.Or(List.of()));
    assertThat(parse(condition("year", "gt", -1e30))).isEqualTo(new Filter.Exists("year"));
  }

  @Test
  void comparesTimesAsMilliseconds() {
    assertThat(parse(condition("published", "gte", "1970-01-01T00:00:01+00:00")))
        .isEqualTo(new Filter.Range("published", 1000L, true, null, false));
    assertThat(parse(condition("published", "lt", "1970-01-02")))
        .isEqualTo(new Filter.Range("published", null, false, 86_400_000L, false));
  }

  @ParameterizedTest
  @CsvSource({
    "nope, eq, x, /filter/field, not an attribute",
    "secret, eq, x, /filter/field, not filterable",
    "lang, like, x, /filter/op, must be one of",
    "lang, eq, 5, /filter/value, must be a string",
    "year, eq, abc, /filter/value, must be an integer",
    "price, gt, abc, /filter/value, must be a number",
    "lang, contains, x, /filter/op, needs an array attribute",
    "year, prefix, x, /filter/op, needs a string attribute",
    "at, eq, x, /filter/value, geo_radius",
    "at, gt, x, /filter/op, ordered",
    "published, eq, yesterday, /filter/value, RFC 3339",
  })
  void namesThePlaceAndTheReason(
      String field, String op, String value, String pointer, String part) {
    Object json = value.matches("\\d+") ? (Object) Integer.valueOf(value) : value;

    assertThatThrownBy(() -> parse(condition(field, op, json)))
        .isInstanceOfSatisfying(
            InvalidInputException.class, e -> assertThat(e.pointer()).isEqualTo(pointer))
        .hasMessageContaining(part);
  }

  @Test
  void takesHostFromTheUrlWhereNoAttributeHasThatName() {
    assertThat(parse(condition("host", "eq", "a.org")))
        .isEqualTo(new Filter.In(":host", List.of("a.org")));
    assertThat(
            FilterParser.parse(
                condition("host", "eq", "a.org"),
                SCHEMA.with("host", new Attribute(AttributeType.STRING, true)),
                "/filter"))
        .isEqualTo(new Filter.In("host", List.of("a.org")));
  }

  @Test
  void refusesADeepFilter() {
    Object filter = condition("lang", "eq", "en");
    for (int i = 0; i < 300; i++) {
      filter = Map.of("not", filter);
    }
    var deep = filter;

    assertThatThrownBy(() -> parse(deep)).hasMessageContaining("32 deep");
  }

  private static Filter parse(Object json) {
    return FilterParser.parse(json, SCHEMA, "/filter");
  }

  private static Map<String, Object> condition(String field, String op, Object value) {
    return Map.of("field", field, "op", op, "value", value);
  }
}
