package io.mosaicdb.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.contract.search.FacetBody;
import io.mosaicdb.contract.worker.FacetPart;
import io.mosaicdb.contract.worker.FacetPart.CountPart;
import io.mosaicdb.contract.worker.FacetPart.StatisticsPart;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FacetAnswersTest {
  private static final Schema SCHEMA =
      Schema.standard(0)
          .with("lang", new Attribute(AttributeType.STRING, true))
          .with("year", new Attribute(AttributeType.INTEGER, true))
          .with("open", new Attribute(AttributeType.BOOLEAN, true))
          .with("published", new Attribute(AttributeType.DATETIME, true));

  @Test
  void addsUpWhatWorkersCounted() {
    var facet = new FacetBody("languages", "lang", "values", 2, null, null, null);

    var answer =
        of(
            facet,
            true,
            counts(true, new CountPart("en", 5), new CountPart("de", 4)),
            counts(true, new CountPart("de", 1), new CountPart("fr", 5)));

    assertThat(answer)
        .isEqualTo(List.of(Map.of("value", "de", "count", 5L), Map.of("value", "en", "count", 5L)));
  }

  @Test
  void readsNumbersOfAnyWidthAsOne() {
    var facet = new FacetBody("year", "year", "values", 10, null, null, null);

    var answer =
        of(
            facet,
            true,
            counts(true, new CountPart(2020, 1)),
            counts(true, new CountPart(2020L, 2), new CountPart(3_000_000_000L, 1)));

    assertThat(answer)
        .isEqualTo(
            List.of(
                Map.of("value", 2020L, "count", 3L), Map.of("value", 3_000_000_000L, "count", 1L)));
  }

  @Test
  void showsTimesAndFlagsAsDocumentsDo() {
    assertThat(
            of(
                new FacetBody("published", "published", "date_histogram", null, "day", null, null),
                true,
                counts(true, new CountPart(86_400_000, 2), new CountPart(0, 1))))
        .isEqualTo(
            List.of(
                Map.of("value", "1970-01-01T00:00:00Z", "count", 1L),
                Map.of("value", "1970-01-02T00:00:00Z", "count", 2L)));
    assertThat(
            of(
                new FacetBody("open", "open", "values", 10, null, null, null),
                true,
                counts(true, new CountPart(1, 2), new CountPart(0, 1))))
        .isEqualTo(
            List.of(Map.of("value", true, "count", 2L), Map.of("value", false, "count", 1L)));
  }

  @Test
  void saysWhatIsALowerBound() {
    var facet = new FacetBody("lang", "lang", "values", 1, null, null, null);
    var whole = counts(true, new CountPart("en", 5));
    var cut = counts(false, new CountPart("en", 5));

    assertThat(of(facet, true, cut)).isEqualTo(List.of(Map.of("value", "en", "count", 5L)));
    assertThat(of(facet, true, cut, whole))
        .isEqualTo(List.of(Map.of("value", "en", "count", 10L, "relation", "gte")));
    assertThat(of(facet, false, whole))
        .isEqualTo(List.of(Map.of("value", "en", "count", 5L, "relation", "gte")));
  }

  @Test
  void measuresOverAllWorkers() {
    var facet = new FacetBody("year", "year", "stats", null, null, null, null);

    assertThat(of(facet, true, statistics(2, 1, 3, 4), statistics(2, -1, 2, 1), statistics(null)))
        .isEqualTo(Map.of("count", 4L, "min", -1L, "max", 3L, "avg", 1.25, "sum", 5.0));
    assertThat(of(facet, true, statistics(null))).isEqualTo(Map.of("count", 0L));
  }

  private static Object of(FacetBody facet, boolean full, FacetPart... parts) {
    var counted = Arrays.stream(parts).map(part -> Map.of(facet.name(), part)).toList();
    return java.util.Objects.requireNonNull(
        FacetAnswers.of(List.of(facet), SCHEMA, counted, full).get(facet.name()));
  }

  private static FacetPart counts(boolean complete, CountPart... counts) {
    return new FacetPart(List.of(counts), null, true, complete);
  }

  private static FacetPart statistics(long values, double least, double greatest, double sum) {
    return statistics(new StatisticsPart(values, least, greatest, sum));
  }

  private static FacetPart statistics(@Nullable StatisticsPart statistics) {
    return new FacetPart(List.of(), statistics, true, true);
  }
}
