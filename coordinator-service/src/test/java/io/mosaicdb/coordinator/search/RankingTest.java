package io.mosaicdb.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
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
import io.mosaicdb.coordinator.rerank.Reranker;
import io.mosaicdb.coordinator.rerank.SecondPhaseReranker;
import io.mosaicdb.coordinator.worker.Worker;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.starter.json.StrictJson;
import io.mosaicdb.stubs.FakeEmbedder;
import io.mosaicdb.stubs.FakeWorker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stages beyond fusion. */
class RankingTest {
  private static final NamespaceName DOCS = new NamespaceName("docs");
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private final FanOut fanOut = new FanOut();
  private final WorkerTopology topology;
  private final Embedder embedder = new Embedder(new FakeEmbedder(), fanOut);
  private final NamespaceCatalog catalog;
  private final List<String> asked = new ArrayList<>();
  private @Nullable MosaicException outage;

  /** The longer a text, the better. */
  private final Reranker longest =
      (question, texts, _) -> {
        asked.add(question);
        asked.addAll(texts);
        if (outage != null) {
          throw outage;
        }
        return texts.stream().map(text -> (double) text.length()).toList();
      };

  RankingTest() {
    var worker = new FakeWorker();
    topology = new WorkerTopology(() -> List.of(new Worker("a", worker)));
    catalog = new NamespaceCatalog(topology, embedder);
  }

  @AfterEach
  void close() {
    fanOut.close();
  }

  @BeforeEach
  void write() {
    var _ =
        catalog.create(
            DOCS,
            StrictJson.mapper()
                .readValue(
                    """
                    {"schema": {"attributes": {"seen": {"type": "datetime"},
                                               "kept": {"type": "datetime", "filterable": false},
                                               "year": {"type": "integer"}}}}\
                    """,
                    NamespaceRequest.class));
    write("old", "apple apple apple", "2025-11-21T12:00:00Z");
    write("new", "apple apple", "2026-11-21T12:00:00Z");
    write("none", "apple with many words around it", null);
  }

  private void write(String id, String text, @Nullable String seen) {
    Map<String, @Nullable Object> attributes = seen == null ? Map.of() : Map.of("seen", seen);
    var body = new DocumentBody(id, null, text, null, null, attributes, null, null, null);
    var writer = new DocumentWriter(catalog, topology, embedder, fanOut);
    var _ = writer.writeOne(DOCS, Write.upsert(body, ""), WriteOptions.VISIBLE);
  }

  private SearchResponse search(@Nullable Reranker reranker, String json) {
    var secondPhase = new SecondPhaseReranker(reranker, Duration.ofSeconds(5), 20, 25);
    return new Searcher(
            catalog,
            topology,
            embedder,
            fanOut,
            SearchProperties.standard(),
            secondPhase,
            InstantSource.fixed(NOW))
        .search(DOCS, StrictJson.mapper().readValue(json, SearchRequest.class));
  }

  @Test
  void freshDocumentsRiseByTheBoostAndTheTreeAddsUp() {
    var found =
        search(
            null,
            """
            {"q": "apple", "mode": "keyword", "explain": true,
             "boost": {"recency": {"field": "seen", "half_life": "365d", "weight": 2}}}\
            """);

    assertThat(found.hits()).extracting(HitBody::id).containsExactly("new", "old", "none");
    assertThat(found.hits()).extracting(HitBody::score).containsExactly(6.0, 6.0, 1.0);
    assertThat(found.hits())
        .extracting(hit -> hit.scores().recency())
        .containsExactly(4.0, 3.0, 0.0);
    for (var hit : found.hits()) {
      var tree = hit.explanation();
      assertThat(tree).isNotNull();
      if (tree != null) {
        assertThat(tree.details().stream().mapToDouble(part -> part.value()).sum())
            .isCloseTo(hit.score(), within(1e-12));
      }
    }
    assertThat(found.plan()).isNotNull();
    if (found.plan() != null) {
      assertThat(found.plan().stages()).hasSize(5);
      assertThat(found.plan().stages().getLast()).contains("recency of 'seen'");
    }
  }

  @Test
  void theSecondPhaseDecidesAndItsScoreIsTheWholeScore() {
    var found =
        search(longest, "{\"q\": \"apple\", \"explain\": true, \"rerank\": {\"candidates\": 3}}");

    assertThat(found.hits()).extracting(HitBody::id).containsExactly("none", "old", "new");
    assertThat(found.hits()).extracting(HitBody::score).containsExactly(25.0, 17.0, 11.0);
    assertThat(found.hits())
        .allSatisfy(hit -> {
          assertThat(hit.scores().rerank()).isEqualTo(hit.score());
          assertThat(hit.scores().text()).isNotNull();
          if (hit.scores().text() != null) {
            assertThat(hit.scores().text().contribution()).isZero();
            assertThat(hit.scores().text().raw()).isPositive();
          }
        });
    assertThat(asked).startsWith("apple").contains("apple with many words aro", "apple apple");
    assertThat(found.coverage().degraded()).isEmpty();
  }

  @Test
  void whatTheSecondPhaseDoesNotSeeFollowsInItsOrder() {
    var found =
        search(
            longest, "{\"q\": \"apple\", \"mode\": \"keyword\", \"rerank\": {\"candidates\": 1}}");

    assertThat(found.hits()).extracting(HitBody::id).containsExactly("old", "new", "none");
    assertThat(found.hits())
        .extracting(hit -> hit.scores().rerank())
        .containsExactly(17.0, null, null);
  }

  @Test
  void withoutTheSecondPhaseTheFirstAnswersAndSaysSo() {
    outage = new MosaicException(ErrorCode.RERANKER_UNAVAILABLE, "it is away");

    var found = search(longest, "{\"q\": \"apple\", \"mode\": \"keyword\", \"rerank\": {}}");

    assertThat(found.hits()).extracting(HitBody::id).containsExactly("old", "new", "none");
    assertThat(found.coverage().full()).isTrue();
    assertThat(found.coverage().degraded())
        .singleElement()
        .satisfies(reason -> {
          assertThat(reason.code()).isEqualTo("rerank_missing");
          assertThat(reason.detail()).contains("it is away");
        });
    assertThatThrownBy(
            () -> search(longest, "{\"q\": \"apple\", \"rerank\": {}, \"allow_partial\": false}"))
        .isInstanceOfSatisfying(
            MosaicException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PARTIAL_NOT_ALLOWED));
  }

  @Test
  void aLeastScoreIsThatOfTheFinalScore() {
    var found =
        search(
            null,
            """
            {"q": "apple", "mode": "keyword", "min_score": 5,
             "boost": {"recency": {"field": "seen", "half_life": "365d", "weight": 2}}}\
            """);

    assertThat(found.hits()).extracting(HitBody::id).containsExactly("new", "old");
    assertThat(found.total().value()).isEqualTo(2);
  }

  @Test
  void diversityPutsATwinLastAndChangesNoScore() {
    write("twin", "apple apple apple", "2025-11-21T12:00:00Z");
    var plain = search(null, "{\"q\": \"apple\", \"mode\": \"semantic\"}");

    var diverse =
        search(
            null, "{\"q\": \"apple\", \"mode\": \"semantic\", \"diversity\": {\"lambda\": 0.1}}");

    assertThat(diverse.hits().subList(0, 2)).extracting(HitBody::id).contains("none");
    assertThat(scores(diverse)).containsExactlyInAnyOrderElementsOf(scores(plain).toList());
  }

  private static Stream<Map.Entry<String, Double>> scores(SearchResponse found) {
    return found.hits().stream().map(hit -> Map.entry(hit.id(), hit.score()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'boost': {'recency': {}}|invalid_value|/boost/recency/field must name",
        "'boost': {'recency': {'field': 'year'}}|invalid_value|must be a datetime attribute",
        "'boost': {'recency': {'field': 'kept'}}|invalid_value|is not filterable",
        "'boost': {'recency': {'field': 'seen', 'half_life': '0s'}}|invalid_value|at least 1ms",
        "'boost': {'recency': {'field': 'seen', 'half_life': 'x'}}|invalid_value|half_life must be",
        "'boost': {'recency': {'field': 'seen', 'weight': -1}}|invalid_value|between 0 and 1000",
        "'diversity': {'lambda': 1.5}|invalid_value|/diversity/lambda must be between 0 and 1.0",
        "'diversity': {'candidates': 501}|invalid_value|between 1 and 500, got 501",
        "'rerank': {}|not_implemented|set mosaic.coordinator.rerank.url",
        "'authority': {'weight': -1}|invalid_value|/authority/weight"
      })
  void refusesWhatItCannotDo(String member, String code, String message) {
    var json = "{\"q\": \"apple\", " + member.replace('\'', '"') + "}";

    assertThatThrownBy(() -> search(null, json))
        .isInstanceOfSatisfying(
            MosaicException.class, e -> assertThat(e.code().code()).isEqualTo(code))
        .hasMessageContaining(message);
  }
}
