package io.mosaicdb.storage.facet;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.facet.FacetCounts.Count;
import io.mosaicdb.storage.facet.FacetCounts.Statistics;
import io.mosaicdb.storage.filter.BothSegments;
import io.mosaicdb.storage.segment.Segment;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Facets of two segments, one in memory and one in a file, against counting by hand. */
class FacetCounterTest {
  private static final long SEED = 7;
  private static final Schema SCHEMA =
      Schema.standard(0)
          .with("lang", new Attribute(AttributeType.STRING, true))
          .with("year", new Attribute(AttributeType.INTEGER, true))
          .with("price", new Attribute(AttributeType.FLOAT, true))
          .with("open", new Attribute(AttributeType.BOOLEAN, true))
          .with("published", new Attribute(AttributeType.DATETIME, true))
          .with("tags", new Attribute(AttributeType.STRINGS, true))
          .with("sizes", new Attribute(AttributeType.INTEGERS, true));

  @TempDir private static Path folder;

  private static final BothSegments SEGMENTS = new BothSegments(SCHEMA);
  private static final List<Document> DOCUMENTS = documents();
  private static final Map<String, Segment> SEGMENT_BY_FORM = new HashMap<>();

  @BeforeAll
  static void write() throws Exception {
    SEGMENT_BY_FORM.put("live", SEGMENTS.live(DOCUMENTS.subList(0, 300)));
    SEGMENT_BY_FORM.put("sealed", SEGMENTS.sealed(folder, DOCUMENTS.subList(300, 800)));
  }

  @AfterAll
  static void close() {
    SEGMENTS.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lang", "year", "price", "open", "tags", "sizes"})
  void countsEachValueOnceADocument(String name) {
    assertThat(counted(new Facet.Values(name)))
        .isEqualTo(
            byHand(
                name,
                value ->
                    value instanceof Boolean flag
                        ? (Object) (flag ? 1L : 0L)
                        : value instanceof Double number ? (Object) (number + 0.0) : value));
  }

  @Test
  void countsHosts() {
    assertThat(counted(new Facet.Values(":host")))
        .isEqualTo(Map.of("a.org", 267L, "b.org", 267L, "c.org", 266L));
  }

  @Test
  void countsBucketsOfNumbers() {
    assertThat(counted(new Facet.Histogram("year", 10, 5)))
        .isEqualTo(byHand("year", value -> Math.floorDiv((Long) value - 5, 10L) * 10 + 5));
    assertThat(counted(new Facet.Histogram("price", 2.5, 0)))
        .isEqualTo(byHand("price", value -> Math.floor((Double) value / 2.5) * 2.5 + 0.0));
    assertThat(counted(new Facet.Histogram("sizes", 3, 0)))
        .isEqualTo(byHand("sizes", value -> Math.floorDiv((Long) value, 3L) * 3));
  }

  @ParameterizedTest
  @CsvSource({"DAY_OF_UTC, DAYS", "MONTH, MONTHS", "YEAR, YEARS"})
  void countsBucketsOfTheCalendar(TimeBuckets.Calendar calendar, ChronoUnit unit) {
    assertThat(counted(new Facet.DateHistogram("published", calendar)))
        .isEqualTo(
            byHand(
                "published",
                value -> {
                  var day = Instant.parse((String) value).atOffset(ZoneOffset.UTC).toLocalDate();
                  var start =
                      switch (unit) {
                        case MONTHS -> day.withDayOfMonth(1);
                        case YEARS -> day.withDayOfYear(1);
                        default -> day;
                      };
                  return start.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
                }));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-02-01T23:59:59.999Z, 2026-01-26T00:00:00Z",
    "2026-02-02T00:00:00Z, 2026-02-02T00:00:00Z",
    "1969-12-31T12:00:00Z, 1969-12-29T00:00:00Z",
  })
  void startsWeeksOnMonday(Instant time, Instant start) {
    assertThat(TimeBuckets.Calendar.WEEK.start(time.toEpochMilli()))
        .isEqualTo(start.toEpochMilli());
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-31T23:59:59.999Z, 2026-01-01T00:00:00Z",
    "1969-12-31T12:00:00Z, 1969-10-01T00:00:00Z",
  })
  void startsQuartersInJanuaryAprilJulyAndOctober(Instant time, Instant start) {
    assertThat(TimeBuckets.Calendar.QUARTER.start(time.toEpochMilli()))
        .isEqualTo(start.toEpochMilli());
  }

  @Test
  void startsFixedBucketsAtTheirOffset() {
    var buckets = new TimeBuckets.Fixed(3_600_000, 900_000);

    assertThat(buckets.start(900_000)).isEqualTo(900_000);
    assertThat(buckets.start(899_999)).isEqualTo(-2_700_000);
    assertThat(buckets.start(-1)).isEqualTo(-2_700_000);
  }

  @Test
  void countsOverlappingRanges() {
    var ranges =
        List.of(
            new Facet.Range(null, 2000L),
            new Facet.Range(1995L, 2010L),
            new Facet.Range(2010L, null),
            new Facet.Range(3000L, null));

    assertThat(counted(new Facet.Ranges("year", ranges)))
        .isEqualTo(
            Map.of(
                0L, countOf("year", value -> (Long) value < 2000),
                1L, countOf("year", value -> (Long) value >= 1995 && (Long) value < 2010),
                2L, countOf("year", value -> (Long) value >= 2010),
                3L, 0L));
    assertThat(counted(new Facet.Ranges("sizes", List.of(new Facet.Range(2L, 8L)))).get(0L))
        .isEqualTo(countOf("sizes", value -> (Long) value >= 2 && (Long) value < 8));
  }

  @Test
  void measuresEveryValue() {
    var values =
        accepted().stream()
            .map(document -> document.attributes().get("price"))
            .filter(Double.class::isInstance)
            .mapToDouble(Double.class::cast)
            .summaryStatistics();

    var counts = count(new Facet.Statistics("price"));

    var statistics = counts.statistics();
    assertThat(statistics).isNotNull();
    assertThat(statistics)
        .usingRecursiveComparison()
        .withComparatorForType((one, other) -> Math.abs(one - other) < 1e-6 ? 0 : 1, Double.class)
        .isEqualTo(
            new Statistics(values.getCount(), values.getMin(), values.getMax(), values.getSum()));
  }

  @Test
  void saysWhatItLeftOut() {
    var counts = count(new Facet.Values("tags"));

    var cut = counts.cutTo(2);

    assertThat(counts.isComplete()).isTrue();
    assertThat(cut.isComplete()).isFalse();
    assertThat(cut.sorted(Count.MOST_FIRST))
        .isEqualTo(counts.sorted(Count.MOST_FIRST).subList(0, 2));
    assertThat(cut.plus(counts).isComplete()).isFalse();
  }

  @Test
  void ordersByCountAndThenByValue() {
    var counts = new FacetCounts(Map.of("b", 2L, "a", 2L, "c", 3L), null, true);

    assertThat(counts.sorted(Count.MOST_FIRST))
        .containsExactly(new Count("c", 3), new Count("a", 2), new Count("b", 2));
  }

  @Test
  void countsNothingOfWhatNoDocumentHas() {
    assertThat(count(new Facet.Values("absent"))).isEqualTo(FacetCounts.NONE);
  }

  private static Map<Object, Long> counted(Facet facet) {
    return count(facet).counts();
  }

  /** Over two thirds of the documents. */
  private static FacetCounts count(Facet facet) {
    var sum = FacetCounts.NONE;
    for (Segment segment : SEGMENT_BY_FORM.values()) {
      var bits = new long[OrdinalSet.wordsFor(segment.documentCount())];
      for (int i = 0; i < segment.documentCount(); i++) {
        if (isAccepted(segment.id(i))) {
          bits[i >>> 6] |= 1L << i;
        }
      }
      var documents = OrdinalSet.wrap(bits, segment.documentCount());
      sum =
          sum.plus(
              FacetCounter.count(
                  segment, facet, facet.column().equals(":host") ? null : documents));
    }
    return sum;
  }

  private static boolean isAccepted(String id) {
    return Integer.parseInt(id) % 3 != 0;
  }

  private static List<Document> accepted() {
    return DOCUMENTS.stream().filter(document -> isAccepted(document.id())).toList();
  }

  private static Map<Object, Long> byHand(String name, Function<Object, Object> bucket) {
    var counts = new HashMap<Object, Long>();
    for (Document document : accepted()) {
      var buckets = new HashSet<Object>();
      values(document, name).forEach(value -> buckets.add(bucket.apply(value)));
      buckets.forEach(each -> counts.merge(each, 1L, Long::sum));
    }
    return counts;
  }

  private static long countOf(String name, Function<Object, Boolean> condition) {
    return accepted().stream()
        .filter(document -> values(document, name).stream().anyMatch(condition::apply))
        .count();
  }

  private static List<?> values(Document document, String name) {
    var value = document.attributes().get(name);
    return value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
  }

  private static List<Document> documents() {
    var random = new Random(SEED);
    var documents = new ArrayList<Document>();
    for (int i = 0; i < 800; i++) {
      var attributes = new TreeMap<String, Object>();
      if (random.nextInt(4) > 0) {
        attributes.put("lang", List.of("en", "de", "fr").get(random.nextInt(3)));
        attributes.put("year", 1980L + random.nextInt(50));
        attributes.put("open", random.nextBoolean());
      }
      if (random.nextInt(4) > 0) {
        attributes.put("price", random.nextInt(10) == 0 ? -0.0 : random.nextInt(200) / 8.0 - 5);
        attributes.put(
            "published",
            Instant.ofEpochSecond(random.nextLong(-100_000_000L, 1_800_000_000L)).toString());
      }
      var tags = new ArrayList<String>();
      var sizes = new ArrayList<Long>();
      for (int n = random.nextInt(5); n > 0; n--) {
        tags.add("tag" + random.nextInt(4));
        sizes.add((long) random.nextInt(-3, 12));
      }
      attributes.put("tags", tags);
      attributes.put("sizes", sizes);
      documents.add(
          new Document(
              Integer.toString(i),
              new TreeMap<>(Map.of("text", "a document")),
              "https://" + (char) ('a' + i % 3) + ".org/" + i,
              attributes,
              List.of(),
              List.of()));
    }
    return documents;
  }
}
