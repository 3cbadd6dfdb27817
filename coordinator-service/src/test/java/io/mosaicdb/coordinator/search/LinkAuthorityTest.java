package io.mosaicdb.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.contract.search.SearchResponse.HitBody;
import io.mosaicdb.coordinator.embedding.Embedder;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.ingest.DocumentReader;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ranks by links in searches. */
class LinkAuthorityTest {
  private static final NamespaceName DOCS = new NamespaceName("docs");
  private final FanOut fanOut = new FanOut();
  private final FakeWorker worker = new FakeWorker();
  private final WorkerTopology topology =
      new WorkerTopology(() -> List.of(new Worker("a", worker)));
  private final Embedder embedder = new Embedder(new FakeEmbedder(), fanOut);
  private final NamespaceCatalog catalog = new NamespaceCatalog(topology, embedder);
  private final Searcher searcher = new Searcher(catalog, topology, embedder, fanOut);

  @AfterEach
  void close() {
    fanOut.close();
  }

  @BeforeEach
  void write() {
    write("a", "apple banana");
    write("b", "apple banana");
    write("c", "apple banana");
  }

  private void write(String id, String text) {
    var body = new DocumentBody(id, null, text, null, null, null, null, null, null);
    var _ =
        new DocumentWriter(catalog, topology, embedder, fanOut)
            .writeOne(DOCS, Write.upsert(body, ""), WriteOptions.VISIBLE);
  }

  private SearchResponse search(String body) {
    return searcher.search(DOCS, StrictJson.mapper().readValue(body, SearchRequest.class));
  }

  private static List<String> ids(SearchResponse found) {
    return found.hits().stream().map(HitBody::id).toList();
  }

  @Test
  void ofEqualTextsTheOneWithTheHigherRankComesFirstInEveryMode() {
    worker.ranks.put("b", 1.0);
    worker.ranks.put("c", 2.0);
    for (var mode : List.of("keyword", "semantic", "hybrid")) {
      var found = search("{\"q\": \"apple\", \"mode\": \"%s\", \"explain\": true}".formatted(mode));

      assertThat(ids(found)).as(mode).containsExactly("c", "b", "a");
      for (var hit : found.hits()) {
        var scores = hit.scores();
        double legs =
            (scores.text() == null ? 0 : scores.text().contribution())
                + (scores.vector() == null ? 0 : scores.vector().contribution());
        double share =
            switch (hit.id()) {
              case "c" -> 2.0 / 3;
              case "b" -> .5;
              default -> 0;
            };
        assertThat(scores.authority()).isCloseTo(.1 * share * legs, within(1e-12));
        assertThat(hit.score()).isCloseTo(legs + .1 * share * legs, within(1e-12));
        assertThat(explained(hit)).isCloseTo(hit.score(), within(1e-12));
      }
      assertThat(found.hits().get(0).pagerank()).isEqualTo(1.0);
      assertThat(found.hits().get(1).pagerank()).isEqualTo(.5);
      assertThat(found.hits().get(2).pagerank()).isNull();
    }
  }

  private static double explained(HitBody hit) {
    var tree = hit.explanation();
    assertThat(tree).isNotNull();
    return tree == null ? 0 : tree.details().stream().mapToDouble(each -> each.value()).sum();
  }

  @Test
  void weightZeroIsAsIfThereWereNoRanks() {
    for (var mode : List.of("keyword", "semantic", "hybrid")) {
      var body = "{\"q\": \"apple\", \"mode\": \"%s\", \"authority\": {\"weight\": 0}}";
      worker.ranks.clear();
      var without = search(body.formatted(mode));
      worker.ranks.put("c", 50.0);
      var with = search(body.formatted(mode));

      assertThat(ids(with)).isEqualTo(ids(without));
      assertThat(with.hits().stream().map(HitBody::score).toList())
          .isEqualTo(without.hits().stream().map(HitBody::score).toList());
      assertThat(with.hits().stream().map(hit -> hit.scores().authority()).toList())
          .containsOnly(0.0);
    }
  }

  @Test
  void withoutRanksTheDefaultWeightChangesNothing() {
    var standard = search("{\"q\": \"apple\", \"explain\": true}");
    var zero = search("{\"q\": \"apple\", \"authority\": {\"weight\": 0}}");

    assertThat(standard.hits().stream().map(HitBody::score).toList())
        .isEqualTo(zero.hits().stream().map(HitBody::score).toList());
    assertThat(stages(standard)).contains("adds 0: the namespace has no ranks");
  }

  /**
   * Three hundred texts are better, and one far below has a rank that more than makes up for it.
   */
  @Test
  void looksAsDeepAsARankCouldLiftADocument() {
    for (int i = 0; i < 300; i++) {
      write("x%03d".formatted(i), "apple ".repeat(40) + "pear ".repeat(i + 1));
    }
    worker.ranks.put("a", 1_000_000.0);
    var body =
        """
        {"q": "apple pear", "mode": "%s", "limit": 2, "explain": true,
         "authority": {"weight": %s}}\
        """;
    for (var mode : List.of("keyword", "semantic")) {
      var lifted = search(body.formatted(mode, "1000"));
      var plain = search(body.formatted(mode, "0"));

      assertThat(ids(lifted).getFirst()).as(mode).isEqualTo("a");
      assertThat(ids(plain)).doesNotContain("a");
      assertThat(stages(lifted)).contains("authority weight 1000.0, ranks over 1 nodes");
    }
  }

  @Test
  void likenessIsNotAMatterOfRank() {
    worker.ranks.put("c", 50.0);
    var similar =
        new SimilarDocuments(searcher, new DocumentReader(catalog, topology), catalog)
            .search(
                DOCS,
                new SimilarDocuments.SimilarRequest(
                    null, "apple", 3, null, null, null, null, null, null, null, null));

    assertThat(ids(similar)).containsExactly("a", "b", "c");
    assertThat(similar.hits().stream().map(hit -> hit.scores().authority()).toList())
        .containsOnly(0.0);
  }

  private static String stages(SearchResponse found) {
    var plan = found.plan();
    return plan == null ? "" : String.join("\n", plan.stages());
  }
}
