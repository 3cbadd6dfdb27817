package io.mosaicdb.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.starter.secret.InternalSecret;
import io.mosaicdb.stubs.FakeEmbedder;
import io.mosaicdb.stubs.StubServices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The coordinator as it runs, in front of stub services over HTTP. */
class CoordinatorHttpTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static ServletWebServerApplicationContext stubs;
  private static ServletWebServerApplicationContext coordinator;
  private static String base;
  @TempDir static Path folder;

  record Malformed(
      String name, String method, String path, String body, int status, String code, String at) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void start() {
    stubs = StubServices.start();
    var there = "http://127.0.0.1:" + port(stubs);
    coordinator =
        (ServletWebServerApplicationContext)
            CoordinatorApplication.app()
                .run(
                    "--server.port=0",
                    "--mosaic.coordinator.tasks.folder=" + folder,
                    "--mosaic.coordinator.cache.folder=" + folder,
                    "--mosaic.coordinator.routing.folder=" + folder,
                    "--mosaic.internal.secret=" + StubServices.SECRET,
                    "--mosaic.discovery.static.shard-worker-service[0]=" + there,
                    "--mosaic.discovery.static.embedding-service[0]=" + there);
    base = "http://127.0.0.1:" + port(coordinator);
  }

  @AfterAll
  static void stop() {
    coordinator.close();
    stubs.close();
  }

  private static int port(ServletWebServerApplicationContext context) {
    return Objects.requireNonNull(context.getWebServer()).getPort();
  }

  @BeforeEach
  void createNamespace() throws Exception {
    var created =
        send(
            "PUT",
            "/v1/namespaces/docs",
            "{\"schema\": {\"attributes\": {\"year\": {\"type\": \"integer\"}}}}");
    assertThat(created.statusCode()).isEqualTo(201);
  }

  @AfterEach
  void deleteNamespaces() throws Exception {
    stubs.getBean(FakeEmbedder.class).failure = null;
    for (var body : json(send("GET", "/v1/namespaces", "")).get("namespaces")) {
      var _ = send("DELETE", "/v1/namespaces/" + body.get("namespace").asString(), "");
    }
  }

  private static HttpResponse<String> send(
      String method, String path, String body, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty() || method.equals("POST")) {
      request.setHeader("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  private static List<JsonNode> lines(HttpResponse<String> response) {
    return response.body().lines().map(JSON::readTree).toList();
  }

  static Stream<Malformed> malformed() throws IOException {
    var table = new ArrayList<Malformed>();
    try (var in = CoordinatorHttpTest.class.getResourceAsStream("/malformed-requests.tsv")) {
      var text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      for (var line : text.lines().toList()) {
        if (!line.startsWith("#")) {
          var cells = line.split("\t", -1);
          table.add(
              new Malformed(
                  cells[0],
                  cells[1],
                  expanded(cells[2]),
                  expanded(cells[3]),
                  Integer.parseInt(cells[4]),
                  cells[5],
                  cells[6]));
        }
      }
    }
    return table.stream();
  }

  private static String expanded(String cell) {
    var text = cell;
    for (int length : new int[] {8193, 10_000, 3_000_000}) {
      text = text.replace("@X" + length + "@", "x".repeat(length));
    }
    for (int depth : new int[] {40, 300}) {
      var nested =
          "{\"not\": ".repeat(depth)
              + "{\"field\": \"year\", \"op\": \"exists\"}"
              + "}".repeat(depth);
      text = text.replace("@NEST" + depth + "@", nested);
    }
    return text;
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void answersAMalformedRequestWithItsOwnProblem(Malformed request) throws Exception {
    var response = send(request.method(), request.path(), request.body());

    assertThat(response.statusCode()).as(response.body()).isEqualTo(request.status());
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    var problem = json(response);
    assertThat(problem.get("code").asString()).as(response.body()).isEqualTo(request.code());
    assertThat(problem.get("request_id").asString()).isNotEmpty();
    if (!request.at().isEmpty()) {
      assertThat(problem.at("/errors/0/pointer").asString())
          .as(response.body())
          .isEqualTo(request.at());
    }
  }

  @Test
  void createsOnceAndSaysSo() throws Exception {
    var again =
        send(
            "PUT",
            "/v1/namespaces/docs",
            "{\"schema\": {\"attributes\": {\"year\": {\"type\": \"integer\"}}}}");

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(json(again).get("created").asBoolean()).isFalse();
    var described = json(send("GET", "/v1/namespaces/docs", ""));
    assertThat(described.at("/schema/fields/title/weight").asDouble()).isEqualTo(3.0);
    assertThat(described.at("/schema/vector/dimensions").asInt())
        .isEqualTo(FakeEmbedder.DIMENSIONS);
    assertThat(described.at("/settings/retain_generations").asString()).isEqualTo("24h");
  }

  @Test
  void findsWhatWasPushedByItsAddressToo() throws Exception {
    var written =
        send(
            "POST",
            "/v1/namespaces/docs/documents",
            "{\"documents\": [{\"id\": \"a/b c?ü\", \"text\": \"green apples\", \"attributes\":"
                + " {\"year\": 2024}}, {\"id\": \"plain\", \"text\": \"stones\"}], \"deletes\":"
                + " [\"gone\"]}");
    assertThat(json(written).at("/results/0/status").asString()).isEqualTo("created");
    assertThat(json(written).at("/results/2/status").asString()).isEqualTo("not_found");
    assertThat(json(written).at("/commit/partitions/0/commit_seq").asInt()).isEqualTo(1);

    var found = json(send("POST", "/v1/namespaces/docs/search", "{\"q\": \"apples\"}"));
    assertThat(found.at("/hits/0/id").asString()).isEqualTo("a/b c?ü");
    assertThat(found.at("/coverage/full").asBoolean()).isTrue();
    assertThat(found.at("/snapshot/token").asString())
        .isEqualTo(json(written).at("/commit/token").asString());

    for (var address : List.of("a/b%20c%3F%C3%BC", "a%2Fb%20c%3f%c3%bc")) {
      var read = send("GET", "/v1/namespaces/docs/documents/" + address, "");
      assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
      assertThat(read.headers().firstValue("ETag")).hasValue("\"1\"");
      assertThat(json(read).at("/attributes/year").asInt()).isEqualTo(2024);
    }
  }

  @Test
  void patchesWithoutEmbeddingAgainWhatDidNotChange() throws Exception {
    var embedder = stubs.getBean(FakeEmbedder.class);
    var at = "/v1/namespaces/docs/documents/a";
    var put = send("PUT", at, "{\"text\": \"apples\", \"attributes\": {\"year\": 1}}");
    assertThat(put.statusCode()).isEqualTo(201);
    int before = embedder.calls.get();

    var patched = send("PATCH", at, "{\"attributes\": {\"year\": 2}}", "If-Match", "\"1\"");
    assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
    assertThat(embedder.calls).hasValue(before);
    assertThat(send("PATCH", at, "{\"title\": \"x\"}", "If-Match", "\"1\"").statusCode())
        .isEqualTo(412);
    assertThat(
            send("PATCH", at, "{\"title\": \"x\", \"attributes\": {\"year\": null}}").statusCode())
        .isEqualTo(200);

    assertThat(embedder.calls).hasValue(before + 1);
    var read = json(send("GET", at + "?include_vector=true", ""));
    assertThat(read.get("title").asString()).isEqualTo("x");
    assertThat(read.get("attributes").isEmpty()).isTrue();
    assertThat(read.at("/passages/0/vector").size()).isEqualTo(FakeEmbedder.DIMENSIONS);
    assertThat(send("PUT", at, "{\"text\": \"y\"}", "If-None-Match", "*").statusCode())
        .isEqualTo(412);
    assertThat(send("DELETE", at, "", "If-Match", "*").statusCode()).isEqualTo(200);
    assertThat(send("GET", at, "").statusCode()).isEqualTo(404);
  }

  @Test
  void letsOneBadDocumentOfABatchFailAlone() throws Exception {
    var written =
        send(
            "POST",
            "/v1/namespaces/docs/documents",
            "{\"documents\": [{\"id\": \"a\", \"text\": \"x\"}, {\"id\": \"b\", \"attributes\":"
                + " {\"year\": \"soon\"}}]}");

    assertThat(written.statusCode()).isEqualTo(200);
    assertThat(json(written).at("/results/0/status").asString()).isEqualTo("created");
    assertThat(json(written).at("/results/1/status").asString()).isEqualTo("failed");
    assertThat(json(written).at("/results/1/error/pointer").asString())
        .isEqualTo("/documents/1/attributes/year");
    assertThat(json(written).at("/results/1/error/message").asString())
        .contains("integer")
        .contains("string");
  }

  @Test
  void createsANamespaceThatIsWrittenToAndInfersItsAttributes() throws Exception {
    var written =
        send(
            "POST",
            "/v1/namespaces/fresh/documents",
            "{\"documents\": [{\"id\": \"a\", \"text\": \"x\", \"attributes\": {\"lang\":"
                + " \"en\"}}]}");

    assertThat(written.statusCode()).as(written.body()).isEqualTo(200);
    var schema = json(send("GET", "/v1/namespaces/fresh", "")).get("schema");
    assertThat(schema.at("/attributes/lang/type").asString()).isEqualTo("string");
    var deleted =
        send(
            "POST",
            "/v1/namespaces/fresh/documents/delete",
            "{\"filter\": {\"field\": \"lang\", \"op\": \"eq\", \"value\": \"en\"}}");
    assertThat(json(deleted).get("deleted").asInt()).isEqualTo(1);
  }

  @Test
  void loadsABulkStreamPastItsBadLines() throws Exception {
    var body =
        """
        {"id": "a", "text": "one", "attributes": {"year": 1}}
        {"id": "b", "text":

        {"id": "a", "text": "two", "attributes": {"year": "x"}}
        {"delete": "a"}
        {"id": "c", "text": "three", "colour": 1}
        """;

    var response =
        send(
            "POST",
            "/v1/namespaces/docs/bulk?wait=durable",
            body,
            "Content-Type",
            "application/x-ndjson");

    assertThat(response.statusCode()).isEqualTo(200);
    var lines = lines(response);
    assertThat(lines)
        .extracting(line -> line.path("line").asInt(0))
        .containsExactly(1, 2, 4, 5, 6, 0);
    assertThat(lines)
        .extracting(line -> line.path("status").asString(""))
        .containsExactly("created", "failed", "failed", "deleted", "failed", "");
    assertThat(lines.get(1).at("/error/code").asString()).isEqualTo("malformed_json");
    assertThat(lines.get(4).at("/error/code").asString()).isEqualTo("unknown_field");
    assertThat(lines.getLast().at("/summary/failed").asInt()).isEqualTo(3);
    assertThat(lines.getLast().at("/summary/commit/token").asString()).isNotEmpty();
  }

  @Test
  void loadsAGzippedStreamOfManyBatchesInOrder() throws Exception {
    int documents = 3000;
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < documents; i++) {
        // Every id comes twice, in different batches.
        var line = "{\"id\": \"d%d\", \"text\": \"number %d\"}\n".formatted(i % 1500, i);
        gzip.write(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    var request =
        HttpRequest.newBuilder(URI.create(base + "/v1/namespaces/docs/bulk"))
            .POST(BodyPublishers.ofByteArray(bytes.toByteArray()))
            .header("Content-Type", "application/x-ndjson")
            .header("Content-Encoding", "gzip")
            .build();

    var lines = lines(HTTP.send(request, BodyHandlers.ofString()));

    assertThat(lines).hasSize(documents + 1);
    for (int i = 0; i < documents; i++) {
      assertThat(lines.get(i).get("line").asInt()).isEqualTo(i + 1);
      assertThat(lines.get(i).get("status").asString())
          .isEqualTo(i < 1500 ? "created" : "replaced");
    }
    var last = json(send("GET", "/v1/namespaces/docs/documents/d7", ""));
    assertThat(last.get("text").asString()).isEqualTo("number 1507");
  }

  @Test
  void refusesABulkStreamOfAnotherMediaType() throws Exception {
    assertThat(send("POST", "/v1/namespaces/docs/bulk", "{}").statusCode()).isEqualTo(415);
  }

  @Test
  void tellsWhatIsMissingWhenTheEmbedderIsAway() throws Exception {
    var _ =
        send(
            "POST",
            "/v1/namespaces/docs/documents",
            "{\"documents\": [{\"id\": \"a\", \"text\": \"apples\"}]}");
    stubs.getBean(FakeEmbedder.class).failure =
        new MosaicException(ErrorCode.EMBEDDER_UNAVAILABLE, "the model is not loaded");

    var found = json(send("GET", "/v1/namespaces/docs/search?q=apples", ""));
    var semantic = send("GET", "/v1/namespaces/docs/search?q=apples&mode=semantic", "");
    var write =
        send(
            "POST",
            "/v1/namespaces/docs/documents",
            "{\"documents\": [{\"id\": \"b\", \"text\": \"pears\"}]}");

    assertThat(found.at("/hits/0/id").asString()).isEqualTo("a");
    assertThat(found.at("/coverage/degraded/0/code").asString()).isEqualTo("semantic_leg_missing");
    assertThat(semantic.statusCode()).isEqualTo(503);
    assertThat(json(semantic).get("code").asString()).isEqualTo("embedder_unavailable");
    assertThat(write.statusCode()).isEqualTo(503);
    assertThat(json(write).get("detail").asString()).contains("the model is not loaded");
    assertThat(send("GET", "/v1/namespaces/docs/documents/b", "").statusCode()).isEqualTo(404);
  }

  @Test
  void servesTheShortInterface() throws Exception {
    var indexed =
        send(
            "POST",
            "/api/index",
            "{\"id\": \"a\", \"text\": \"green apples\", \"metadata\": {\"lang\": \"en\"}}");
    assertThat(indexed.statusCode()).as(indexed.body()).isEqualTo(201);

    var found = json(send("POST", "/api/search", "{\"query\": \"apples\", \"limit\": 3}"));
    assertThat(found.at("/results/0/id").asString()).isEqualTo("a");
    assertThat(found.at("/results/0/text").asString()).isEqualTo("green apples");
    assertThat(found.at("/results/0/metadata/lang").asString()).isEqualTo("en");
    assertThat(found.at("/degraded").asBoolean()).isFalse();
    var near =
        json(send("POST", "/api/search", "{\"query\": \"zebras\", \"min_similarity\": 0.9}"));
    assertThat(near.get("results").isEmpty()).isTrue();
    assertThat(send("GET", "/api/shards", "").statusCode()).isEqualTo(200);
  }

  @Test
  void findsSimilarDocumentsButNotTheDocumentItself() throws Exception {
    var _ =
        send(
            "POST",
            "/v1/namespaces/docs/documents",
            "{\"documents\": [{\"id\": \"a\", \"text\": \"apples\"}, {\"id\": \"b\", \"text\":"
                + " \"apricots\"}]}");

    var found = json(send("POST", "/v1/namespaces/docs/similar", "{\"id\": \"a\", \"limit\": 1}"));

    assertThat(found.get("hits").size()).isEqualTo(1);
    assertThat(found.at("/hits/0/id").asString()).isEqualTo("b");
  }

  @Test
  void reportsItsHealth() throws Exception {
    var health =
        json(send("GET", "/internal/v1/health", "", InternalSecret.HEADER, StubServices.SECRET));

    assertThat(health.get("components").propertyNames()).contains("router", "workers", "embedder");
  }

  @Test
  void writesLaterAndShowsTheTask() throws Exception {
    var answer =
        send(
            "POST",
            "/v1/namespaces/docs/documents?async=true",
            "{\"documents\": [{\"id\": \"a\", \"text\": \"later\"}, {\"id\": \"b\", \"text\": \"too\"}]}");

    assertThat(answer.statusCode()).isEqualTo(202);
    var place = answer.headers().firstValue("Location").orElseThrow();
    assertThat(place).isEqualTo("/v1/tasks/" + json(answer).get("id").asString());
    var task = json(send("GET", place, ""));
    while (List.of("enqueued", "running").contains(task.get("state").asString())) {
      Thread.onSpinWait();
      task = json(send("GET", place, ""));
    }
    assertThat(task.get("state").asString()).isEqualTo("succeeded");
    assertThat(task.at("/progress/done").asInt()).isEqualTo(2);
    assertThat(task.at("/result/results/1/status").asString()).isEqualTo("created");
    assertThat(task.get("finished_at").asString()).endsWith("Z");
    assertThat(send("GET", "/v1/namespaces/docs/documents/b", "").statusCode()).isEqualTo(200);
    var id = task.get("id").asString();
    assertThat(json(send("GET", "/v1/tasks?state=succeeded&kind=index&limit=1", "")).get("tasks"))
        .singleElement()
        .satisfies(one -> assertThat(one.get("id").asString()).isEqualTo(id));

    var late = send("POST", place + "/cancel", "");
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(json(late).get("code").asString()).isEqualTo("task_finished");
    assertThat(send("GET", "/v1/tasks?state=done", "").statusCode()).isEqualTo(422);
    assertThat(send("GET", "/v1/tasks?limit=0", "").statusCode()).isEqualTo(422);
    assertThat(send("GET", "/v1/tasks/none", "").statusCode()).isEqualTo(404);
  }
}
