package io.mosaicdb.storage.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.filter.Filter;
import io.mosaicdb.model.filter.FilterParser;
import io.mosaicdb.model.schema.Metric;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.VectorField;
import io.mosaicdb.model.schema.VectorOrigin;
import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.facet.Facet;
import io.mosaicdb.storage.filter.BothSegments;
import io.mosaicdb.storage.filter.NaiveFilter;
import io.mosaicdb.storage.filter.RandomFilters;
import io.mosaicdb.storage.segment.Segment;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.text.TextQuery;
import io.mosaicdb.storage.text.TextQueryParser;
import io.mosaicdb.storage.vector.VectorMetric;
import io.mosaicdb.storage.vector.VectorQuery;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random filters over a live segment and two shards with deleted documents: whatever plan is chosen
 * or forced, what is found is what a look at every document finds.
 */
class PlannerPropertyTest {
  private static final long SEED = 20260131;
  private static final int DIMENSIONS = 16;
  private static final int FILTERS = 250;
  private static final Schema SCHEMA =
      RandomFilters.withAttributes(
          new Schema(
              Schema.standard(0).fields(),
              new TreeMap<>(),
              new VectorField(DIMENSIONS, Metric.COSINE, VectorOrigin.CLIENT),
              false));

  @TempDir private static Path folder;

  private static final BothSegments SEGMENTS = new BothSegments(SCHEMA);
  private static final ExecutorService POOL = Executors.newFixedThreadPool(2);
  private static final SnapshotSearch SEARCH = new SnapshotSearch(POOL, 2);
  private static final List<Document> DOCUMENTS = new ArrayList<>();
  private static final Map<String, Document> BY_ID = new HashMap<>();
  private static @Nullable PartitionSnapshot snapshot;

  @BeforeAll
  static void write() throws Exception {
    var random = new Random(SEED);
    var filters = new RandomFilters(random);
    for (int i = 0; i < 1_500; i++) {
      DOCUMENTS.add(document(i, random, filters));
    }
    var views = new ArrayList<SegmentView>();
    views.add(view(SEGMENTS.sealed(folder.resolve("a"), DOCUMENTS.subList(0, 700))));
    views.add(view(SEGMENTS.sealed(folder.resolve("b"), DOCUMENTS.subList(700, 1_000))));
    views.add(view(SEGMENTS.live(DOCUMENTS.subList(1_000, 1_500))));
    DOCUMENTS.removeIf(document -> isDeleted(document.id()));
    DOCUMENTS.forEach(document -> BY_ID.put(document.id(), document));
    snapshot = new PartitionSnapshot(0, 1, 1, views, List.of());
  }

  @AfterAll
  static void close() {
    SEGMENTS.close();
    POOL.shutdownNow();
  }

  @Test
  void findsWhatANaiveScanFinds() throws Exception {
    var random = new Random(SEED);
    var filters = new RandomFilters(random);
    var chosen = new TreeSet<Plan>();
    for (int i = 0; i < FILTERS; i++) {
      var json = filters.next(3);
      var filter = FilterParser.parse(json, SCHEMA, "/filter");
      var expected = matching(json);

      var byWords = search(words(), null, filter, null, 2_000);
      var byVector = search(null, vector(random), filter, null, 2_000);
      var sorted = search(null, null, filter, new SortOrder(List.of()), 2_000);

      var message = "seed %d, filter %d: %s".formatted(SEED, i, json);
      assertThat(ids(byWords.text())).as(message).isEqualTo(expected);
      assertThat(ids(byVector.vector())).as(message).isEqualTo(expected);
      assertThat(sorted.sorted().stream().map(SearchOutcome.SortedHit::id))
          .as(message)
          .containsExactlyElementsOf(expected);
      assertThat(List.of(byWords.total(), byVector.total(), sorted.total()))
          .as(message)
          .containsOnly((long) expected.size());
      byVector
          .segments()
          .forEach(report -> {
            if (report.plan() != null) {
              chosen.add(report.plan());
            }
          });
    }
    assertThat(chosen).contains(Plan.FILTER_FIRST, Plan.VECTOR_ONLY);
  }

  /** The ten best, among which a leg that looked too little would miss some. */
  @ParameterizedTest
  @EnumSource(
      value = Plan.class,
      names = {"FILTER_FIRST", "PARALLEL"})
  void forcedPlansGiveTheAnswerOfTheChosenOne(Plan plan) throws Exception {
    var random = new Random(SEED + 1);
    var filters = new RandomFilters(random);
    for (int i = 0; i < FILTERS; i++) {
      var json = filters.next(2);
      var filter = FilterParser.parse(json, SCHEMA, "/filter");
      var query = vector(random);

      var chosen = search(words(), query, filter, null, 10);
      var forced = search(words(), query, filter, plan, null, 10, List.of(), null);

      var message = "seed %d, filter %d: %s".formatted(SEED, i, json);
      assertThat(forced.text()).as(message).isEqualTo(chosen.text());
      assertThat(forced.vector()).as(message).isEqualTo(chosen.vector());
      assertThat(forced.segments()).as(message).allMatch(report -> report.plan() == plan);
    }
  }

  @Test
  void sortsEverythingThatMatches() throws Exception {
    var random = new Random(SEED + 2);
    var filters = new RandomFilters(random);
    for (int i = 0; i < 60; i++) {
      var json = filters.next(2);
      var filter = FilterParser.parse(json, SCHEMA, "/filter");
      boolean descending = random.nextBoolean();
      var column = List.of("word", "whole", "real", "flag", "time", "words", "wholes").get(i % 7);
      var order =
          new SortOrder(
              List.of(new SortOrder.Key("flag", true), new SortOrder.Key(column, descending)));

      var found = search(null, null, filter, order, 25).sorted();

      var expected =
          matching(json).stream()
              .map(BY_ID::get)
              .sorted(
                  byHand("flag", true)
                      .thenComparing(byHand(column, descending))
                      .thenComparing(Document::id))
              .limit(25)
              .map(Document::id)
              .toList();
      assertThat(found.stream().map(SearchOutcome.SortedHit::id))
          .as("seed %d, filter %d by %s: %s", SEED, i, column, json)
          .containsExactlyElementsOf(expected);
    }
  }

  @Test
  void fillsThePageWithGroups() throws Exception {
    // Nine in ten documents are of one host: the ten best are mostly of it.
    for (int size = 1; size <= 3; size++) {
      var grouping = new Grouping(":host", size, 0);

      var outcome =
          search(words(), vector(new Random(3)), null, null, null, 12, List.of(), grouping);
      var sorted =
          search(null, null, null, null, new SortOrder(List.of()), 12, List.of(), grouping);

      for (var leg : List.of(outcome.text(), outcome.vector())) {
        var groups = new HashMap<Object, Integer>();
        for (var hit : leg) {
          if (hit.group() != null) {
            groups.merge(hit.group(), 1, Integer::sum);
          }
        }
        int most = size;
        assertThat(leg).hasSize(12);
        assertThat(groups.values()).allMatch(count -> count <= most);
        assertThat(groups.get("big.org")).isEqualTo(size);
      }
      assertThat(sorted.sorted()).hasSize(12);
      assertThat(sorted.sorted().stream().filter(hit -> "big.org".equals(hit.group())).count())
          .isEqualTo(size);
    }
  }

  @Test
  void aGroupsBestHitsAreItsBest() throws Exception {
    var query = vector(new Random(9));
    var all = search(null, query, null, null, 2_000).vector();
    var expected = new ArrayList<String>();
    var sizes = new HashMap<String, Integer>();
    for (var hit : all) {
      var host = hostOf(hit.id());
      if (host == null || sizes.merge(host, 1, Integer::sum) <= 2) {
        expected.add(hit.id());
      }
    }

    var grouped =
        search(null, query, null, null, null, 20, List.of(), new Grouping(":host", 2, 0)).vector();

    assertThat(grouped.stream().map(SearchOutcome.LegHit::id).toList())
        .isEqualTo(expected.subList(0, 20));
  }

  @Test
  void countsFacetsOverWhatMatchesTheWordsAndTheFilter() throws Exception {
    var json = Map.of("field", "flag", "op", "eq", "value", true);
    var filter = FilterParser.parse(json, SCHEMA, "/filter");
    var query = new TextQueryParser(ShardSchema.indexedFields(SCHEMA)).parse("+document +seven");

    var outcome =
        search(query, null, filter, null, null, 0, List.of(new Facet.Values("word")), null);

    var expected = new HashMap<Object, Long>();
    long total = 0;
    for (Document document : DOCUMENTS) {
      if (NaiveFilter.meets(document, json) && document.text("text").contains("seven")) {
        total++;
        var word = document.attributes().get("word");
        if (word != null) {
          expected.merge(word, 1L, Long::sum);
        }
      }
    }
    assertThat(outcome.facets().getFirst().counts()).isEqualTo(expected);
    assertThat(outcome.total()).isEqualTo(total).isPositive();
    assertThat(outcome.text()).isEmpty();
  }

  private static Comparator<Document> byHand(String column, boolean descending) {
    return (one, other) -> {
      var left = first(one, column, descending);
      var right = first(other, column, descending);
      if (left == null || right == null) {
        return Boolean.compare(left == null, right == null);
      }
      return descending ? right.compareTo(left) : left.compareTo(right);
    };
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Comparable<Object> first(
      Document document, String column, boolean descending) {
    var values = NaiveFilter.values(document, column);
    Comparator<Object> natural = (one, other) -> ((Comparable<Object>) one).compareTo(other);
    return (Comparable<Object>)
        values.stream().min(descending ? natural.reversed() : natural).orElse(null);
  }

  private static TextQuery words() {
    return new TextQueryParser(ShardSchema.indexedFields(SCHEMA)).parse("document");
  }

  private static VectorQuery vector(Random random) {
    return VectorQuery.of(VectorMetric.COSINE, floats(random));
  }

  private static List<String> matching(Object json) {
    return DOCUMENTS.stream()
        .filter(document -> NaiveFilter.meets(document, json))
        .map(Document::id)
        .sorted()
        .toList();
  }

  private static List<String> ids(List<SearchOutcome.LegHit> hits) {
    return hits.stream().map(SearchOutcome.LegHit::id).sorted().toList();
  }

  private static SearchOutcome search(
      @Nullable TextQuery text,
      @Nullable VectorQuery vector,
      @Nullable Filter filter,
      @Nullable SortOrder sort,
      int candidates)
      throws Exception {
    return search(text, vector, filter, null, sort, candidates, List.of(), null);
  }

  private static SearchOutcome search(
      @Nullable TextQuery text,
      @Nullable VectorQuery vector,
      @Nullable Filter filter,
      @Nullable Plan plan,
      @Nullable SortOrder sort,
      int candidates,
      List<Facet> facets,
      @Nullable Grouping group)
      throws Exception {
    var command =
        new SearchCommand(
            text,
            vector,
            VectorSearchOptions.DEFAULT,
            filter,
            candidates,
            null,
            Duration.ofMinutes(1),
            facets,
            group,
            sort,
            plan,
            null);
    return SEARCH.search(List.of(java.util.Objects.requireNonNull(snapshot)), command);
  }

  private static SegmentView view(Segment segment) {
    var bits = new long[OrdinalSet.wordsFor(segment.documentCount())];
    for (int i = 0; i < segment.documentCount(); i++) {
      if (!isDeleted(segment.id(i))) {
        bits[i >>> 6] |= 1L << i;
      }
    }
    return SegmentView.of(segment, OrdinalSet.wrap(bits, segment.documentCount()));
  }

  private static boolean isDeleted(String id) {
    return id.endsWith("3");
  }

  private static @Nullable String hostOf(String id) {
    var url = java.util.Objects.requireNonNull(BY_ID.get(id)).url();
    return url == null ? null : url.substring(8, url.indexOf('/', 8));
  }

  private static Document document(int number, Random random, RandomFilters filters) {
    int kind = random.nextInt(20);
    var text = "document number " + number + (random.nextInt(3) == 0 ? " seven" : " eight");
    return new Document(
        "doc-%05d".formatted(number),
        new TreeMap<>(Map.of("text", text)),
        kind == 0
            ? null
            : kind == 1
                ? "https://host" + random.nextInt(30) + ".org/" + number
                : "https://big.org/" + number,
        filters.attributes(),
        List.of(),
        List.of(new Passage(0, 8, Vectors.toBytes(floats(random)))));
  }

  private static float[] floats(Random random) {
    var vector = new float[DIMENSIONS];
    for (int d = 0; d < DIMENSIONS; d++) {
      vector[d] = (float) random.nextGaussian();
    }
    return vector;
  }
}
