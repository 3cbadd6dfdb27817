package io.mosaicdb.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.contract.search.SearchResponse.HitBody;
import io.mosaicdb.coordinator.cache.DiskTier;
import io.mosaicdb.coordinator.cache.MemoryTier;
import io.mosaicdb.coordinator.cache.TieredCache;
import io.mosaicdb.coordinator.cursor.CursorProperties;
import io.mosaicdb.coordinator.embedding.Embedder;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.ingest.DocumentWriter;
import io.mosaicdb.coordinator.ingest.Write;
import io.mosaicdb.coordinator.ingest.WriteOptions;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.rerank.SecondPhaseReranker;
import io.mosaicdb.coordinator.worker.Worker;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.starter.json.StrictJson;
import io.mosaicdb.stubs.FakeEmbedder;
import io.mosaicdb.stubs.FakeWorker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerCacheTest {
  private static final NamespaceName DOCS = new NamespaceName("docs");
  private static final String APPLE = "{\"q\": \"apple\"}";
  @TempDir Path folder;
  private final FanOut fanOut = new FanOut();
  private final FakeWorker worker = new FakeWorker();
  private final FakeEmbedder letters = new FakeEmbedder();
  private final WorkerTopology topology =
      new WorkerTopology(() -> List.of(new Worker("a", worker)));
  private final Embedder embedder = new Embedder(letters, fanOut);
  private final NamespaceCatalog catalog = new NamespaceCatalog(topology, embedder);
  private final DocumentWriter writer = new DocumentWriter(catalog, topology, embedder, fanOut);
  private TieredCache<KeptAnswer> kept;
  private AnswerCache cache;
  private Searcher searcher;

  @BeforeEach
  void open() {
    var clock = Clock.systemUTC();
    var meters = new SimpleMeterRegistry();
    kept =
        new TieredCache<>(
            "search",
            List.of(
                new MemoryTier<>(1_000_000, KeptAnswer::weight, clock),
                new DiskTier<>(
                    folder.resolve("results.db"),
                    1_000_000,
                    KeptAnswer.codec(StrictJson.mapper()),
                    clock)),
            Duration.ofHours(1),
            Duration.ofHours(1),
            meters,
            clock);
    cache = new AnswerCache(kept, topology, fanOut, StrictJson.mapper(), meters);
    searcher =
        new Searcher(
            catalog,
            topology,
            embedder,
            fanOut,
            SearchProperties.standard(),
            CursorProperties.standard(),
            SecondPhaseReranker.NONE,
            clock,
            cache,
            new SearchMeters(meters));
  }

  @AfterEach
  void close() {
    kept.close();
    fanOut.close();
  }

  private long write(String id, String text) {
    var body = new DocumentBody(id, null, text, null, null, null, null, null, null);
    var report = writer.writeOne(DOCS, Write.upsert(body, ""), WriteOptions.VISIBLE);
    return report.commits().values().iterator().next().commitSeq();
  }

  private SearchResponse search(String json) {
    return searcher.search(DOCS, StrictJson.mapper().readValue(json, SearchRequest.class));
  }

  private static MosaicException away(ErrorCode code) {
    return new MosaicException(code, "it is away");
  }

  @Test
  void answersARepeatedRequestWithoutASearch() {
    write("a", "apple");
    var first = search(APPLE);
    var second = search(APPLE);

    assertThat(first.cache()).isNull();
    assertThat(second.cache()).isEqualTo("hit");
    assertThat(worker.searches).hasValue(1);
    assertThat(second.hits()).isEqualTo(first.hits());
    assertThat(second.snapshot()).isEqualTo(first.snapshot());
    assertThat(second.stale()).isNull();
    assertThat(cache.hitRatio()).isEqualTo(0.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"q\": \"apple\", \"limit\": 3}",
        "{\"q\": \"apple\", \"mode\": \"keyword\"}",
        "{\"q\": \"Apple\"}",
        "{\"q\": \"apple\", \"fields\": [\"text\"]}",
        "{\"q\": \"apple\", \"min_score\": 0.1}",
        "{\"q\": \"apple\", \"exact\": true}",
        "{\"q\": \"apple\", \"highlight\": {\"fields\": [\"text\"]}}",
        "{\"q\": \"apple\", \"fusion\": {\"type\": \"rrf\"}}",
        "{\"vector\": [1, 0, 0, 0], \"mode\": \"semantic\"}",
        "{\"q\": \"apple\", \"explain\": true}"
      })
  void searchesForAnotherRequest(String other) {
    write("a", "apple");
    var _ = search(APPLE);
    int before = worker.searches.get();

    var found = search(other.replace("[1, 0, 0, 0]", vector()));

    assertThat(found.cache()).isNull();
    assertThat(worker.searches).hasValue(before + 1);
  }

  private static String vector() {
    return "[1" + ", 0".repeat(FakeEmbedder.DIMENSIONS - 1) + "]";
  }

  @Test
  void tellsSimilarityBoundsApart() {
    write("a", "apple");
    var request = StrictJson.mapper().readValue(APPLE, SearchRequest.class);
    var _ = searcher.search(DOCS, request);

    assertThat(searcher.searchSimilar(DOCS, request, 0.5).cache()).isNull();
    assertThat(searcher.searchSimilar(DOCS, request, 0.6).cache()).isNull();
    assertThat(searcher.searchSimilar(DOCS, request, 0.5).cache()).isEqualTo("hit");
  }

  @Test
  void showsAWriteToTheVeryNextSearch() {
    write("a", "apple");
    var _ = search(APPLE);
    write("b", "apple apple");

    assertThat(search(APPLE).hits()).extracting(HitBody::id).containsExactly("a", "b");
    assertThat(search(APPLE).cache()).isEqualTo("hit");
    var _ = writer.writeOne(DOCS, Write.delete("b", ""), WriteOptions.VISIBLE);
    assertThat(search(APPLE).hits()).extracting(HitBody::id).containsExactly("a");
  }

  @Test
  void waitsForACommitThatTheKeptAnswerDoesNotHold() {
    long seq = write("a", "apple");
    var _ = search(APPLE);

    assertThat(search("{\"q\": \"apple\", \"min_commit\": %d}".formatted(seq)).cache())
        .isEqualTo("hit");
    assertThat(search("{\"q\": \"apple\", \"min_commit\": %d}".formatted(seq + 1)).cache())
        .isNull();
    assertThatThrownBy(() -> search("{\"q\": \"apple\", \"min_commit\": \"nonsense\"}"))
        .hasMessageContaining("/min_commit");
  }

  @Test
  void answersFromTheFileAfterARestart() {
    write("a", "apple");
    var first = search(APPLE);
    kept.close();
    open();

    var second = search(APPLE);

    assertThat(second.cache()).isEqualTo("hit");
    assertThat(worker.searches).hasValue(1);
    assertThat(second.hits()).isEqualTo(first.hits());
  }

  @Test
  void doesNotKeepWhatIsNotWhole() {
    write("a", "apple");
    letters.failure = away(ErrorCode.EMBEDDER_UNAVAILABLE);
    assertThat(search(APPLE).coverage().degraded()).isNotEmpty();
    letters.failure = null;

    var found = search(APPLE);

    assertThat(found.cache()).isNull();
    assertThat(found.coverage().degraded()).isEmpty();
  }

  @Test
  void givesAnOlderAnswerOnlyIfItIsAskedForAndSaysSo() {
    write("a", "apple");
    var first = search(APPLE);
    write("b", "apple");
    worker.failure = away(ErrorCode.WORKER_UNAVAILABLE);

    var stale = search("{\"q\": \"apple\", \"stale_if_error\": true}");

    assertThat(stale.stale()).isTrue();
    assertThat(stale.hits()).isEqualTo(first.hits());
    assertThat(stale.snapshot()).isEqualTo(first.snapshot());
    assertThat(stale.coverage().degraded())
        .singleElement()
        .satisfies(each -> assertThat(each.code()).isEqualTo("worker_unavailable"));
    assertThatThrownBy(() -> search(APPLE))
        .isInstanceOfSatisfying(
            MosaicException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.WORKER_UNAVAILABLE));
    assertThatThrownBy(() -> search("{\"q\": \"cherry\", \"stale_if_error\": true}"))
        .isInstanceOfSatisfying(
            MosaicException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.WORKER_UNAVAILABLE));
  }

  @Test
  void doesNotHideAFaultOfTheRequest() {
    write("a", "apple");
    var _ = search(APPLE);

    assertThatThrownBy(() -> search("{\"q\": \"apple\", \"limit\": 0, \"stale_if_error\": true}"))
        .hasMessageContaining("/limit");
  }
}
