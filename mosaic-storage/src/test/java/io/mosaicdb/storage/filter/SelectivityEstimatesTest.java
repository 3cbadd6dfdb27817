package io.mosaicdb.storage.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.filter.FilterParser;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.segment.Segment;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Estimates against the truth on data as a shop or a crawl has it: values by Zipf's law, prices
 * log-normal, times that grow denser, places around cities, several tags, missing values.
 */
class SelectivityEstimatesTest {
  private static final long SEED = 11;
  private static final int DOCUMENTS = 20_000;
  private static final Schema SCHEMA =
      Schema.standard(0)
          .with("brand", new Attribute(AttributeType.STRING, true))
          .with("price", new Attribute(AttributeType.FLOAT, true))
          .with("stars", new Attribute(AttributeType.INTEGER, true))
          .with("number", new Attribute(AttributeType.INTEGER, true))
          .with("listed", new Attribute(AttributeType.DATETIME, true))
          .with("sold", new Attribute(AttributeType.BOOLEAN, true))
          .with("tags", new Attribute(AttributeType.STRINGS, true))
          .with("at", new Attribute(AttributeType.GEO, true));
  private static final double[][] CITIES = {
    {52.52, 13.4}, {48.85, 2.35}, {40.71, -74.0}, {35.68, 139.69}, {-33.87, 151.21}, {64.14, -21.9}
  };

  @TempDir private static Path folder;

  private static final BothSegments SEGMENTS = new BothSegments(SCHEMA);
  private static final Map<String, Segment> SEGMENT_BY_FORM = new HashMap<>();

  @BeforeAll
  static void write() throws Exception {
    var documents = documents();
    SEGMENT_BY_FORM.put("live", SEGMENTS.live(documents));
    SEGMENT_BY_FORM.put("sealed", SEGMENTS.sealed(folder, documents));
  }

  @AfterAll
  static void close() {
    SEGMENTS.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"field": "brand", "op": "eq", "value": "brand0"}\
        """,
        """
        {"field": "brand", "op": "eq", "value": "brand40"}\
        """,
        """
        {"field": "brand", "op": "in", "value": ["brand3", "brand5", "brand70", "none"]}\
        """,
        """
        {"field": "brand", "op": "ne", "value": "brand0"}\
        """,
        """
        {"field": "brand", "op": "prefix", "value": "brand1"}\
        """,
        """
        {"field": "brand", "op": "gte", "value": "brand5"}\
        """,
        """
        {"field": "brand", "op": "exists", "value": false}\
        """,
        """
        {"field": "price", "op": "lt", "value": 5}\
        """,
        """
        {"field": "price", "op": "gt", "value": 100}\
        """,
        """
        {"and": [{"field": "price", "op": "gte", "value": 20}, {"field": "price", "op": "lt", "value": 22}]}\
        """,
        """
        {"field": "stars", "op": "eq", "value": 1}\
        """,
        """
        {"field": "stars", "op": "gte", "value": 4}\
        """,
        """
        {"field": "number", "op": "lt", "value": 150}\
        """,
        """
        {"field": "number", "op": "in", "value": [3, 77, 1500, 19999, 25000]}\
        """,
        """
        {"field": "listed", "op": "gte", "value": "2025-12-01"}\
        """,
        """
        {"and": [{"field": "listed", "op": "gte", "value": "2020-01-01"}, {"field": "listed", "op": "lt", "value": "2021-01-01"}]}\
        """,
        """
        {"field": "sold", "op": "eq", "value": true}\
        """,
        """
        {"field": "tags", "op": "contains", "value": "tag2"}\
        """,
        """
        {"field": "tags", "op": "contains_any", "value": ["tag0", "tag1"]}\
        """,
        """
        {"field": "tags", "op": "not_in", "value": ["tag0"]}\
        """,
        """
        {"field": "at", "op": "geo_radius", "value": {"lat": 48.85, "lon": 2.35, "radius_m": 30000}}\
        """,
        """
        {"field": "at", "op": "geo_radius", "value": {"lat": 64.14, "lon": -21.9, "radius_m": 15000}}\
        """,
        """
        {"field": "at", "op": "geo_box", "value": {"top_left": {"lat": 60, "lon": 0}, "bottom_right": {"lat": 40, "lon": 20}}}\
        """,
        """
        {"and": [{"field": "brand", "op": "eq", "value": "brand2"}, {"field": "price", "op": "lt", "value": 30}, {"field": "sold", "op": "eq", "value": false}]}\
        """,
        """
        {"or": [{"field": "stars", "op": "eq", "value": 5}, {"field": "brand", "op": "eq", "value": "brand1"}]}\
        """,
        """
        {"not": {"or": [{"field": "stars", "op": "gte", "value": 3}, {"field": "price", "op": "gt", "value": 60}]}}\
        """
      })
  void areWithinTwiceTheTruth(String json) {
    var filter =
        FilterParser.parse(
            JsonMapper.builder().build().readValue(json, Object.class), SCHEMA, "/filter");
    SEGMENT_BY_FORM.forEach((form, segment) -> {
      int truth = segment.matching(filter).cardinality();

      double estimate = segment.estimate(filter);

      assertThat(truth).as(form).isPositive();
      assertThat(estimate).as("%s: %d pass", form, truth).isBetween(truth / 2.0, truth * 2.0);
    });
  }

  private static List<Document> documents() {
    var random = new Random(SEED);
    var documents = new ArrayList<Document>();
    for (int i = 0; i < DOCUMENTS; i++) {
      var attributes = new TreeMap<String, Object>();
      if (random.nextInt(10) > 0) {
        attributes.put("brand", "brand" + zipf(random, 200));
      }
      attributes.put("price", Math.round(100 * Math.exp(3 + random.nextGaussian())) / 100.0);
      attributes.put("stars", (long) Math.clamp(Math.round(4 + random.nextGaussian()), 1, 5));
      attributes.put("number", (long) i);
      double age = Math.pow(random.nextDouble(), 2) * 10 * 365;
      attributes.put(
          "listed",
          Instant.parse("2026-01-31T00:00:00Z").minusSeconds((long) (age * 86_400)).toString());
      attributes.put("sold", random.nextInt(20) == 0);
      var tags = new ArrayList<String>();
      for (int n = random.nextInt(5); n > 0; n--) {
        var tag = "tag" + zipf(random, 50);
        if (!tags.contains(tag)) {
          tags.add(tag);
        }
      }
      attributes.put("tags", tags);
      if (random.nextInt(3) > 0) {
        var city = CITIES[zipf(random, CITIES.length)];
        attributes.put(
            "at",
            Map.of(
                "lat", city[0] + random.nextGaussian() * .1,
                "lon", city[1] + random.nextGaussian() * .1));
      }
      documents.add(
          new Document(
              "item-%05d".formatted(i),
              new TreeMap<>(Map.of("text", "an item")),
              null,
              attributes,
              List.of(),
              List.of()));
    }
    return documents;
  }

  /** Low numbers are frequent, as words and brands are. */
  private static int zipf(Random random, int count) {
    return (int) (Math.pow(count + 1.0, random.nextDouble()) - 1);
  }
}
