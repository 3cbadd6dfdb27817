package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The order of hits beyond one leg, several searches at once, and what is like a document. */
@ExtendWith(SharedServer.class)
class RankingTest {
  private static final String SCHEMA =
      """
      {"schema": {"fields": {"title": {"type": "text"}, "text": {"type": "text"}},
                  "attributes": {"seen": {"type": "datetime"}, "kind": {"type": "string"}},
                  "vector": {"dimensions": 3, "metric": "cosine", "source": "client"}},
       "settings": {"shard_documents": 1000, "seal_age": "1h"}}
      """;
  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;
  private final Api api;

  RankingTest(Api api) {
    this.api = api;
  }

  private static String document(String id, String text, String seen, double... vector) {
    return "{\"id\": \"%s\", \"text\": \"%s\", \"vector\": [%s, %s, %s]%s}"
        .formatted(
            id,
            text,
            vector[0],
            vector[1],
            vector[2],
            seen.isEmpty() ? "" : ", \"attributes\": {\"seen\": \"" + seen + "\"}");
  }

  private NamespaceClient lamps(String name) {
    var namespace = api.namespace(name).create(SCHEMA);
    namespace.write(
        document("old", "lamp", "2001-01-01T00:00:00Z", 1, 0, 0),
        document("copy", "lamp lamp", "2001-01-01T00:00:00Z", 0.999, 0.01, 0),
        document("future", "lamp oil", "2999-01-01T00:00:00Z", 0.7, 0.7, 0),
        document("undated", "lamp wick and oil", "", 0.6, 0, 0.8));
    return namespace;
  }

  @Test
  void aRecencyBoostPutsTheFreshFirstInMemoryAndInAShard() {
    var namespace = lamps("recency");
    var plain = "{\"q\": \"lamp\", \"mode\": \"keyword\"}";
    var boosted =
        """
        {"q": "lamp", "mode": "keyword", "explain": true,
         "boost": {"recency": {"field": "seen", "half_life": "30d", "weight": 9}}}\
        """;

    for (boolean sealed : List.of(false, true)) {
      if (sealed) {
        namespace.seal();
      }
      assertThat(namespace.find(plain)).endsWith("undated");
      var hits = namespace.search(boosted).path("hits");
      assertThat(hits.at("/0/id").asString()).isEqualTo("future");
      assertThat(hits.at("/0/scores/recency").asDouble())
          .isCloseTo(9 * hits.at("/0/scores/text/contribution").asDouble(), within(1e-9));
      for (var hit : hits) {
        assertPartsAddUp(hit);
      }
    }
  }

  @Test
  void everyScoreIsTheSumOfItsParts() {
    lamps("sums");
    for (var mode : List.of("hybrid", "semantic", "keyword")) {
      for (var fusion : List.of("{\"type\": \"rrf\"}", "{\"type\": \"normalized\"}")) {
        for (var boost : List.of("null", "{\"recency\": {\"field\": \"seen\"}}")) {
          var question =
              mode.equals("keyword")
                  ? "\"q\": \"lamp\""
                  : "\"q\": \"lamp\", \"vector\": [1, 0.2, 0]";
          var answer =
              api.namespace("sums")
                  .search(
                      "{%s, \"mode\": \"%s\", \"fusion\": %s, \"boost\": %s, \"explain\": true}"
                          .formatted(question, mode, fusion, boost));
          assertThat(answer.path("hits")).isNotEmpty();
          answer.path("hits").forEach(RankingTest::assertPartsAddUp);
          assertThat(answer.at("/plan/stages").valueStream().map(JsonNode::asString))
              .hasSize(5)
              .element(4)
              .asString()
              .startsWith("rerank");
        }
      }
    }
  }

  private static void assertPartsAddUp(JsonNode hit) {
    var scores = hit.path("scores");
    double sum =
        scores.at("/text/contribution").asDouble(0) + scores.at("/vector/contribution").asDouble(0);
    for (var part : List.of("authority", "recency", "rerank")) {
      sum += scores.path(part).asDouble(0);
    }
    assertThat(sum).as(hit.toString()).isCloseTo(hit.path("score").asDouble(), within(1e-9));
    assertThat(hit.at("/explanation/value").asDouble())
        .isCloseTo(hit.path("score").asDouble(), within(1e-9));
  }

  @Test
  void diversityKeepsACopyFromTheSecondPlace() {
    var namespace = lamps("diverse");
    var near = "\"vector\": [1, 0.1, 0.1], \"mode\": \"semantic\"";
    for (boolean sealed : List.of(false, true)) {
      if (sealed) {
        namespace.seal();
      }
      assertThat(namespace.find("{" + near + "}").subList(0, 2))
          .containsExactlyInAnyOrder("old", "copy");
      var diverse = namespace.find("{" + near + ", \"diversity\": {\"lambda\": 0.1}}");
      assertThat(diverse).hasSize(4);
      assertThat(diverse.subList(0, 2)).isNotEqualTo(List.of("old", "copy"));
      assertThat(diverse.subList(0, 2)).isNotEqualTo(List.of("copy", "old"));
    }
  }

  /** Exact search against a scan of all vectors, over several shards and the live segment. */
  @Test
  void exactIsWhatAScanOfAllDocumentsGives() {
    var namespace = api.namespace("exact").createWithClientVectors(300);
    int size = 900;
    for (int from = 0; from < size; from += 300) {
      namespace.write(
          IntStream.range(from, from + 300)
              .mapToObj(i ->
                  "{\"id\": \"d%d\", \"text\": \"common word%d\", \"vector\": %s}"
                      .formatted(i, i % 7, Vectors8.of(i)))
              .toArray(String[]::new));
    }
    for (int round = 0; round < 5; round++) {
      var question = numbers(Vectors8.of(5000 + round));
      var expected =
          IntStream.range(0, size)
              .boxed()
              .sorted((one, other) ->
                  Double.compare(
                      cosine(numbers(Vectors8.of(other)), question),
                      cosine(numbers(Vectors8.of(one)), question)))
              .limit(50)
              .map(i -> "d" + i)
              .toList();

      assertThat(
              namespace.find(
                  "{\"vector\": %s, \"mode\": \"semantic\", \"exact\": true, \"limit\": 50}"
                      .formatted(Vectors8.of(5000 + round))))
          .isEqualTo(expected);
    }
    var words =
        namespace.search(
            "{\"q\": \"word3\", \"mode\": \"keyword\", \"exact\": true, \"limit\": 1000}");
    assertThat(words.at("/total/value").asInt()).isEqualTo((size + 3) / 7);
    assertThat(words.path("hits").valueStream().map(hit -> hit.path("id").asString()))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, size).filter(i -> i % 7 == 3).mapToObj(i -> "d" + i).toList());
  }

  private static double[] numbers(String json) {
    return JsonMapper.shared()
        .readTree(json)
        .valueStream()
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static double cosine(double[] one, double[] other) {
    double dot = 0;
    double ones = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      dot += one[i] * other[i];
      ones += one[i] * one[i];
      others += other[i] * other[i];
    }
    return dot / Math.sqrt(ones * others);
  }

  @Test
  void similarDocumentsLeaveTheDocumentOutAndCountTheOthers() {
    var namespace = lamps("similar");
    for (boolean sealed : List.of(false, true)) {
      if (sealed) {
        namespace.seal();
      }
      var found = similar(namespace, "{\"id\": \"old\", \"limit\": 2}").require(200).json();
      assertThat(ids(found)).containsExactly("copy", "future");
      assertThat(found.at("/total/value").asInt()).isEqualTo(3);
      var filtered =
          similar(
                  namespace,
                  """
                  {"id": "old", "fields": ["text"], "explain": true,
                   "filter": {"field": "seen", "op": "gt", "value": "2500-01-01T00:00:00Z"}}\
                  """)
              .require(200)
              .json();
      assertThat(ids(filtered)).containsExactly("future");
      assertThat(filtered.at("/total/value").asInt()).isEqualTo(1);
      assertThat(filtered.at("/hits/0/fields/text").asString()).isEqualTo("lamp oil");
      assertThat(filtered.has("plan")).isTrue();
    }
    similar(namespace, "{\"id\": \"nobody\"}").require(404);
    similar(namespace, "{}").require(422);
    similar(namespace, "{\"id\": \"old\", \"text\": \"both\"}").require(422);
  }

  @Test
  void similarToADocumentOfManyPassagesLeavesAllOfThemOut() {
    var namespace = api.namespace("passages");
    var chapters = new ArrayList<String>();
    var random = new Random(3);
    for (int i = 0; i < 60; i++) {
      chapters.add(
          "Chapter %d tells how ships, tides and harbours shape the trade of port number %d."
              .formatted(i, random.nextInt(1000)));
    }
    namespace.write(
        "{\"id\": \"book\", \"text\": \"" + String.join(" ", chapters) + "\"}",
        "{\"id\": \"harbour\", \"text\": \"Ships leave the harbour with the tide.\"}",
        "{\"id\": \"cake\", \"text\": \"Beat eggs and sugar, then fold in flour.\"}");
    assertThat(namespace.document("book").json().path("passages").size()).isGreaterThan(1);

    var found = similar(namespace, "{\"id\": \"book\"}").require(200).json();

    assertThat(ids(found)).containsExactly("harbour", "cake");
    assertThat(found.at("/total/value").asInt()).isEqualTo(2);
  }

  private static Answer similar(NamespaceClient namespace, String request) {
    return namespace.api().post(namespace.path() + "/similar", request);
  }

  private static List<String> ids(JsonNode answer) {
    return answer.path("hits").valueStream().map(hit -> hit.path("id").asString()).toList();
  }

  @Test
  void eachOfSeveralSearchesHasItsOwnAnswer() {
    lamps("several");
    var searches = new ArrayList<String>();
    for (int i = 0; i < 30; i++) {
      searches.add(
          "{\"namespace\": \"several\", \"q\": \"lamp\", \"mode\": \"keyword\", \"limit\": %d}"
              .formatted(1 + i % 4));
    }
    searches.set(3, "{\"namespace\": \"nowhere-at-all\", \"q\": \"lamp\"}");
    searches.set(5, "{\"namespace\": \"several\", \"q\": \"lamp\", \"limt\": 3}");
    searches.set(7, "{\"q\": \"lamp\"}");
    searches.set(9, "{\"namespace\": \"several\", \"q\": \"lamp\", \"limit\": 0}");

    var results = multi(String.join(",", searches)).require(200).json().path("results");

    assertThat(results).hasSize(30);
    for (int i = 0; i < 30; i++) {
      var result = results.get(i);
      switch (i) {
        case 3 -> assertProblem(result, 404, "namespace_not_found", "");
        case 5 -> assertProblem(result, 400, "unknown_field", "/searches/5/limt");
        case 7 -> assertProblem(result, 422, "invalid_value", "/searches/7/namespace");
        case 9 -> assertProblem(result, 422, "invalid_value", "/searches/9/limit");
        default -> {
          assertThat(result.path("status").asInt()).isEqualTo(200);
          assertThat(result.at("/response/hits")).as(result.toString()).hasSize(1 + i % 4);
        }
      }
    }
    multi("").require(422);
    multi(String.join(",", java.util.Collections.nCopies(51, "{}"))).require(422);
  }

  private Answer multi(String searches) {
    return api.post("/v1/multi-search", "{\"searches\": [" + searches + "]}");
  }

  private static void assertProblem(JsonNode result, int status, String code, String pointer) {
    assertThat(result.path("status").asInt()).as(result.toString()).isEqualTo(status);
    assertThat(result.at("/problem/code").asString()).isEqualTo(code);
    if (!pointer.isEmpty()) {
      assertThat(result.at("/problem/errors/0/pointer").asString()).isEqualTo(pointer);
    }
  }

  @Test
  void aRerankerDecidesTheOrderAndItsOutageIsSaid() throws IOException {
    api.namespace("plain-server").create(SCHEMA);
    assertThat(
            api.post(
                    "/v1/namespaces/plain-server/search",
                    "{\"q\": \"lamp\", \"mode\": \"keyword\", \"rerank\": {}}")
                .require(501)
                .body())
        .contains("mosaic.coordinator.rerank.url");
    var reranker = reranker();
    try {
      var server =
          servers.start(
              folder.resolve("data"),
              "--mosaic.coordinator.rerank.url=http://127.0.0.1:%d/rerank"
                  .formatted(reranker.getAddress().getPort()),
              "--mosaic.coordinator.rerank.timeout=10s");
      var namespace = server.api().namespace("reranked").create(SCHEMA);
      namespace.write(
          document("short", "lamp lamp lamp", "", 1, 0, 0),
          document("long", "a lamp that stands in a window", "", 1, 0, 0));
      var request = "{\"q\": \"lamp\", \"mode\": \"keyword\", \"rerank\": {}, \"explain\": true}";

      var reranked = namespace.search(request);
      assertThat(ids(reranked)).containsExactly("long", "short");
      assertThat(reranked.at("/hits/0/scores/rerank").asDouble()).isEqualTo(30.0);
      reranked.path("hits").forEach(RankingTest::assertPartsAddUp);
      reranker.stop(0);
      var without = namespace.search(request);
      assertThat(ids(without)).containsExactly("short", "long");
      assertThat(without.at("/coverage/degraded/0/code").asString()).isEqualTo("rerank_missing");
    } finally {
      reranker.stop(0);
    }
  }

  /** Speaks as text-embeddings-inference does; the longer a text, the better. */
  private static HttpServer reranker() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    server.createContext(
        "/rerank",
        exchange -> {
          var body = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
          var results = new ArrayList<String>();
          for (int i = body.path("texts").size() - 1; i >= 0; i--) {
            results.add(
                String.format(
                    Locale.ROOT,
                    "{\"index\": %d, \"score\": %d}",
                    i,
                    body.path("texts").get(i).asString().length()));
          }
          var answer = ("[" + String.join(",", results) + "]").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }
}
