package io.mosaicdb.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.EmbedderBody;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.contract.search.SearchResponse.HitBody;
import io.mosaicdb.coordinator.embedding.Embedder;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.ingest.DocumentWriter;
import io.mosaicdb.coordinator.ingest.Write;
import io.mosaicdb.coordinator.ingest.WriteOptions;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.worker.Worker;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.starter.json.StrictJson;
import io.mosaicdb.stubs.FakeEmbedder;
import io.mosaicdb.stubs.FakeWorker;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SearcherTest {
  private static final NamespaceName DOCS = new NamespaceName("docs");
  private final FanOut fanOut = new FanOut();
  private final FakeWorker first = new FakeWorker();
  private final FakeWorker second = new FakeWorker();
  private final FakeEmbedder letters = new FakeEmbedder();
  private final WorkerTopology topology =
      new WorkerTopology(() -> List.of(new Worker("a", first), new Worker("b", second)));
  private final Embedder embedder = new Embedder(letters, fanOut);
  private final NamespaceCatalog catalog = new NamespaceCatalog(topology, embedder);
  private final DocumentWriter writer = new DocumentWriter(catalog, topology, embedder, fanOut);
  private final Searcher searcher = new Searcher(catalog, topology, embedder, fanOut);

  @AfterEach
  void close() {
    fanOut.close();
  }

  private void write(String... texts) {
    for (int i = 0; i < texts.length; i++) {
      var body =
          new DocumentBody(
              String.valueOf((char) ('a' + i)), null, texts[i], null, null, null, null, null, null);
      var _ = writer.writeOne(DOCS, Write.upsert(body, ""), WriteOptions.VISIBLE);
    }
  }

  private static SearchRequest request(String json) {
    return StrictJson.mapper().readValue(json, SearchRequest.class);
  }

  private static MosaicException away(ErrorCode code) {
    return new MosaicException(code, "it is away");
  }

  private static void assertCode(@Nullable Throwable thrown, ErrorCode code) {
    assertThat(thrown)
        .isInstanceOfSatisfying(MosaicException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void fusesNormalizedScoresOfWordsAndVectors() {
    write("apple banana", "apple apple apple", "cherry");

    var found = searcher.search(DOCS, request("{\"q\": \"apple\", \"explain\": true}"));

    assertThat(found.hits()).extracting(HitBody::id).containsExactly("b", "a", "c");
    assertThat(found.hits().getFirst().score()).isCloseTo(3.5, within(1e-12));
    assertSumsUp(found);
  }

  @Test
  void fusesWordsAndVectorsByReciprocalRankWhenAsked() {
    write("apple banana", "apple apple apple", "cherry");

    for (var fusion : List.of("{\"type\": \"rrf\"}", "{\"k\": 60}")) {
      var found =
          searcher.search(
              DOCS, request("{\"q\": \"apple\", \"explain\": true, \"fusion\": " + fusion + "}"));

      assertThat(found.hits()).extracting(HitBody::id).containsExactly("b", "a", "c");
      assertThat(found.hits().getFirst().score()).isCloseTo(2.0 / 61, within(1e-12));
      assertSumsUp(found);
    }
  }

  private static void assertSumsUp(SearchResponse found) {
    assertThat(found.coverage().full()).isTrue();
    assertThat(found.coverage().degraded()).isEmpty();
    assertThat(found.plan()).isNotNull();
    for (var hit : found.hits()) {
      var tree = hit.explanation();
      assertThat(tree).isNotNull();
      if (tree != null) {
        assertThat(tree.details().stream().mapToDouble(part -> part.value()).sum())
            .isCloseTo(hit.score(), within(1e-12));
      }
    }
  }

  @Test
  void everyScoreIsTheSumOfItsPartsInEveryModeAndFusion() {
    write("apple banana", "apple apple apple", "cherry", "banana cherry apple");
    var fusions =
        List.of(
            "null",
            "{\"type\": \"rrf\"}",
            "{\"type\": \"rrf\", \"k\": 1, \"weights\": {\"text\": 0.3, \"vector\": 0.7}}",
            "{\"type\": \"normalized\", \"weights\": {\"text\": 2, \"vector\": 0}}");
    for (var mode : List.of("hybrid", "semantic", "keyword")) {
      for (var fusion : fusions) {
        for (var extra : List.of("", ", \"authority\": {\"weight\": 3}")) {
          var found =
              searcher.search(
                  DOCS,
                  request(
                      """
                      {"q": "apple", "mode": "%s", "fusion": %s, "explain": true %s}\
                      """
                          .formatted(mode, fusion, extra)));

          assertThat(found.hits()).hasSizeGreaterThan(2);
          found.hits().forEach(SearcherTest::assertPartsAddUp);
        }
      }
    }
  }

  private static void assertPartsAddUp(HitBody hit) {
    var scores = hit.scores();
    double sum = contribution(scores.text()) + contribution(scores.vector());
    for (var part :
        java.util.Arrays.asList(scores.authority(), scores.recency(), scores.rerank())) {
      sum += part == null ? 0 : part;
    }
    assertThat(sum).isCloseTo(hit.score(), within(1e-12));
    var tree = hit.explanation();
    assertThat(tree).isNotNull();
    if (tree != null) {
      assertThat(tree.value()).isCloseTo(hit.score(), within(1e-12));
    }
  }

  private static double contribution(SearchResponse.@Nullable LegBody leg) {
    return leg == null ? 0 : leg.contribution();
  }

  @Test
  void leavesOutHitsBelowTheLeastScoreAndCountsTheRest() {
    write("apple", "apple apple", "apple apple apple");

    var found =
        searcher.search(
            DOCS, request("{\"q\": \"apple\", \"mode\": \"keyword\", \"min_score\": 2}"));

    assertThat(found.hits()).extracting(HitBody::id).containsExactly("c", "b");
    assertThat(found.total()).isEqualTo(new SearchResponse.TotalBody(2, "eq"));
  }

  @Test
  void namesTheEmbedderOfItsVectorsFromTheFirstWriteOn() {
    var _ = catalog.create(DOCS, new NamespaceRequest(null, null));
    assertThat(searcher.search(DOCS, request("{\"q\": \"apple\"}")).snapshot().embedder()).isNull();

    write("apple");

    assertThat(searcher.search(DOCS, request("{\"q\": \"apple\"}")).snapshot().embedder())
        .isEqualTo(new EmbedderBody("letters", "1", FakeEmbedder.DIMENSIONS));
  }

  @Test
  void fallsToWordsAndSaysSoWhenTheEmbedderIsAway() {
    write("apple", "banana");
    letters.failure = away(ErrorCode.EMBEDDER_UNAVAILABLE);

    var found = searcher.search(DOCS, request("{\"q\": \"apple\"}"));

    assertThat(found.hits()).extracting(HitBody::id).containsExactly("a");
    assertThat(found.coverage().full()).isTrue();
    assertThat(found.coverage().degraded())
        .singleElement()
        .satisfies(reason -> {
          assertThat(reason.code()).isEqualTo("semantic_leg_missing");
          assertThat(reason.detail()).contains("it is away");
        });
  }

  @Test
  void fallsToWordsWhenTheStoredVectorsAreOfAnotherModel() {
    write("apple", "banana");
    first.nextFailure = away(ErrorCode.EMBEDDER_UNAVAILABLE);

    var found = searcher.search(DOCS, request("{\"q\": \"apple\"}"));

    assertThat(found.hits()).extracting(HitBody::id).containsExactly("a");
    assertThat(found.coverage().degraded())
        .singleElement()
        .satisfies(reason -> assertThat(reason.code()).isEqualTo("semantic_leg_missing"));
  }

  @Test
  void failsWhatNeedsTheEmbedderWhenItIsAway() {
    write("apple");
    letters.failure = away(ErrorCode.EMBEDDER_UNAVAILABLE);

    assertThatThrownBy(
            () -> searcher.search(DOCS, request("{\"q\": \"apple\", \"mode\": \"semantic\"}")))
        .satisfies(thrown -> assertCode(thrown, ErrorCode.EMBEDDER_UNAVAILABLE));
    assertThatThrownBy(
            () -> searcher.search(DOCS, request("{\"q\": \"apple\", \"allow_partial\": false}")))
        .satisfies(thrown -> assertCode(thrown, ErrorCode.PARTIAL_NOT_ALLOWED));
  }

  @Test
  void readsAgainWhenTheSnapshotIsGoneBetweenSearchAndFetch() {
    write("apple");
    var racing =
        new FakeWorker() {
          private boolean gone;

          @Override
          public io.mosaicdb.contract.worker.FetchResponse fetch(
              String namespace, io.mosaicdb.contract.worker.FetchRequest request) {
            if (!gone) {
              gone = true;
              throw away(ErrorCode.SNAPSHOT_GONE);
            }
            return first.fetch(namespace, request);
          }

          @Override
          public io.mosaicdb.contract.worker.WorkerSearchResponse search(
              String namespace, io.mosaicdb.contract.worker.WorkerSearchRequest request) {
            return first.search(namespace, request);
          }

          @Override
          public io.mosaicdb.contract.namespace.NamespaceBody namespace(String namespace) {
            return first.namespace(namespace);
          }
        };
    var alone = new WorkerTopology(() -> List.of(new Worker("a", racing)));
    var patient = new Searcher(new NamespaceCatalog(alone, embedder), alone, embedder, fanOut);

    var found = patient.search(DOCS, request("{\"q\": \"apple\"}"));

    assertThat(found.hits()).hasSize(1);
    assertThat(first.searches).hasValue(2);
  }

  @Test
  void givesWhatOtherWorkersHaveWhenOneIsAway() {
    var _ =
        catalog.create(
            DOCS,
            StrictJson.mapper()
                .readValue("{\"settings\": {\"partitions\": 2}}", NamespaceRequest.class));
    write("apple", "apple", "apple", "apple", "apple", "apple", "apple", "apple");
    assertThat(searcher.search(DOCS, request("{\"q\": \"apple\"}")).hits()).hasSize(8);

    second.failure = away(ErrorCode.WORKER_UNAVAILABLE);
    var found = searcher.search(DOCS, request("{\"q\": \"apple\"}"));

    assertThat(found.hits()).isNotEmpty().hasSizeLessThan(8);
    assertThat(found.coverage().full()).isFalse();
    assertThat(found.coverage().shards().missing()).containsExactly("partition 1");
    assertThatThrownBy(
            () -> searcher.search(DOCS, request("{\"q\": \"apple\", \"allow_partial\": false}")))
        .satisfies(thrown -> assertCode(thrown, ErrorCode.PARTIAL_NOT_ALLOWED));
  }

  @Test
  void storesNothingWhenTheEmbedderIsAway() {
    write("apple");
    int before = first.appends.get();
    letters.failure = away(ErrorCode.EMBEDDER_UNAVAILABLE);

    assertThatThrownBy(() -> write("banana"))
        .satisfies(thrown -> assertCode(thrown, ErrorCode.EMBEDDER_UNAVAILABLE));

    assertThat(first.appends).hasValue(before);
  }

  @Test
  void failsWhenEveryWorkerIsAway() {
    write("apple");
    first.failure = away(ErrorCode.WORKER_UNAVAILABLE);
    second.failure = away(ErrorCode.WORKER_UNAVAILABLE);

    assertThatThrownBy(() -> searcher.search(DOCS, request("{\"q\": \"apple\"}")))
        .satisfies(thrown -> assertCode(thrown, ErrorCode.WORKER_UNAVAILABLE));
  }
}
