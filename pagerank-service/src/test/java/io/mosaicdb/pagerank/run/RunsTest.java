package io.mosaicdb.pagerank.run;

import static io.mosaicdb.pagerank.run.FakeShards.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mosaicdb.contract.worker.ShardWorkerApi.LinkTarget;
import io.mosaicdb.pagerank.PageRankApplication;
import io.mosaicdb.pagerank.link.Sqlite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service over HTTP, with shards in memory. */
class RunsTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private final HttpClient http = HttpClient.newHttpClient();
  private final FakeShards shards = new FakeShards(2);
  private @Nullable ConfigurableApplicationContext service;
  private int port;

  @TempDir private Path folder;

  /** Puts the shards in memory in the place of workers. */
  @Configuration(proxyBeanMethods = false)
  static class ShardsInMemory {
    static final AtomicReference<FakeShards> SHARDS = new AtomicReference<>(new FakeShards(1));

    @Bean
    @Primary
    Workers shardsInMemory() {
      return new Workers(() -> Map.of("shards", SHARDS.get().api()));
    }
  }

  private void start(String... settings) throws IOException {
    ShardsInMemory.SHARDS.set(shards);
    port = freePort();
    var arguments =
        new ArrayList<>(List.of("--server.port=" + port, "--mosaic.pagerank.folder=" + folder));
    for (String each : settings) {
      arguments.add("--" + each);
    }
    service =
        PageRankApplication.app()
            .sources(ShardsInMemory.class)
            .run(arguments.toArray(String[]::new));
  }

  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  @AfterEach
  void stop() {
    if (service != null) {
      service.close();
      service = null;
    }
  }

  private record Answer(int status, JsonNode body, @Nullable String location) {}

  private Answer call(String method, String path, @Nullable String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    return new Answer(
        answer.statusCode(),
        JsonMapper.shared().readTree(answer.body()),
        answer.headers().firstValue("Location").orElse(null));
  }

  private JsonNode run(String body) throws Exception {
    var begun = call("POST", "/v1/pagerank", body);
    assertThat(begun.status()).as(begun.body().toString()).isEqualTo(202);
    assertThat(begun.location()).isEqualTo("/v1/pagerank/" + begun.body().path("id").asString());
    return ended(begun.body().path("id").asString());
  }

  private JsonNode ended(String id) throws Exception {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (true) {
      var run = call("GET", "/v1/pagerank/" + id, null).body();
      if (!run.path("state").asString().matches("enqueued|running")) {
        return run;
      }
      assertThat(System.nanoTime()).as(run.toString()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  @Test
  void ranksDocumentsByTheLinksBetweenThem() throws Exception {
    shards.put("hub", "https://a.example/hub", to("https://A.example:443/leaf#x"), to("other"));
    shards.put("leaf", "https://a.example/leaf", to("https://a.example/hub"), to("leaf"));
    shards.put(
        "other",
        null,
        to("https://a.example/hub"),
        to("https://a.example/hub#again"),
        to("https://nowhere.example/"),
        new LinkTarget("https://a.example/leaf", "external NoFollow"));
    shards.put("alone", "https://b.example/");
    start("mosaic.pagerank.page-documents=1");

    var run =
        run("{\"namespace\": \"encyclopedia\", \"tolerance\": 1e-12, \"max_iterations\": 999}");

    assertThat(run.path("state").asString()).as(run.toString()).isEqualTo("succeeded");
    assertThat(run.path("namespace").asString()).isEqualTo("wiki");
    var result = run.path("result");
    assertThat(result.path("documents").asInt()).isEqualTo(4);
    assertThat(result.path("nodes").asInt()).isEqualTo(4);
    assertThat(result.path("edges").asInt()).isEqualTo(4);
    assertThat(result.path("dangling").asInt()).isEqualTo(1);
    assertThat(result.path("links").asInt()).isEqualTo(8);
    assertThat(result.path("dropped").toString())
        .isEqualTo("{\"unknown\":1,\"self\":1,\"nofollow\":1,\"parallel\":1}");
    assertThat(result.path("converged").asBoolean()).isTrue();
    assertThat(result.path("residual").asDouble()).isLessThan(1e-12);
    assertThat(result.path("phases_ms").propertyNames())
        .containsExactly("building", "collecting", "iterating", "publishing");
    var ranks = shards.ranks();
    // hub -> leaf, other; leaf -> hub; other -> hub; alone leads nowhere: by hand, d = .85.
    double alone = rank(ranks, "alone");
    double base = .15 / 4 + .85 * alone / 4;
    assertThat(alone).isCloseTo(base, within(1e-10));
    assertThat(rank(ranks, "leaf")).isCloseTo(base + .85 * rank(ranks, "hub") / 2, within(1e-10));
    assertThat(rank(ranks, "other")).isEqualTo(rank(ranks, "leaf"));
    assertThat(rank(ranks, "hub"))
        .isCloseTo(base + .85 * (rank(ranks, "leaf") + rank(ranks, "other")), within(1e-10));
    assertThat(ranks.values().stream().mapToDouble(rank -> rank).sum()).isCloseTo(1, within(1e-9));
    try (var left = Files.list(folder.resolve("runs"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void refusesWhatItCannotDoAndSaysWhy() throws Exception {
    start();
    for (var line :
        List.of(
            "{}|/namespace|must be given",
            "{'namespace': 'wiki', 'damping': 1}|/damping|must be >= 0 and < 1, got 1.0",
            "{'namespace': 'wiki', 'tolerance': -1}|/tolerance|must be >= 0 and < 1, got -1.0",
            "{'namespace': 'wiki', 'max_iterations': 0}|/max_iterations"
                + "|must be between 1 and 10000, got 0",
            "{'namespace': 'wiki', 'level': 'page'}|/level|must be document or host, got 'page'",
            "{'namespace': 'wiki', 'seeds': []}|/seeds"
                + "|must have between 1 and 10000 entries, got 0",
            "{'namespace': 'wiki', 'personalization': {'a/b': 0}}|/personalization/a~1b"
                + "|must be > 0 and <= 1000000000, got 0.0",
            "{'namespace': 'wiki', 'seeds': ['a'], 'personalization': {'a': 1}}|/seeds"
                + "|must be absent where /personalization is given: it is the same with weights")) {
      var parts = line.split("\\|");
      var refused = call("POST", "/v1/pagerank", parts[0].replace('\'', '"'));

      assertThat(refused.status()).as(line).isEqualTo(422);
      assertThat(refused.body().at("/errors/0/pointer").asString()).isEqualTo(parts[1]);
      assertThat(refused.body().at("/errors/0/message").asString()).isEqualTo(parts[2]);
    }
    assertThat(call("POST", "/v1/pagerank", "{\"namespace\": \"wiki\", \"x\": 1}").status())
        .isEqualTo(400);
    var absent = call("POST", "/v1/pagerank", "{\"namespace\": \"none\"}");
    assertThat(absent.status()).isEqualTo(404);
    assertThat(absent.body().path("code").asString()).isEqualTo("namespace_not_found");
    assertThat(call("GET", "/v1/pagerank/none", null).status()).isEqualTo(404);
    assertThat(call("GET", "/v1/pagerank?limit=0", null).status()).isEqualTo(422);
    assertThat(call("GET", "/v1/pagerank?state=x", null).status()).isEqualTo(422);
  }

  @Test
  void aCapOfOneStopsAtOneAndSaysSo() throws Exception {
    random(50, 7);
    start();

    var run = run("{\"namespace\": \"wiki\", \"max_iterations\": 1, \"tolerance\": 0}");

    assertThat(run.at("/result/iterations").asInt()).isEqualTo(1);
    assertThat(run.at("/result/converged").asBoolean(true)).isFalse();
    assertThat(run.path("iteration").asInt()).isEqualTo(1);
    assertThat(run.path("residual").asDouble()).isPositive();
  }

  @Test
  void aWarmStartEqualsAFullComputationAfterOneNewLink() throws Exception {
    random(400, 11);
    start();
    var first = run("{\"namespace\": \"wiki\"}");
    assertThat(first.at("/result/warm_start").asBoolean(true)).isFalse();
    shards.put("new", null, to("d17"));

    var warm = run("{\"namespace\": \"wiki\"}");
    var byWarm = shards.ranks();
    var full = run("{\"namespace\": \"wiki\", \"warm_start\": false}");
    var byFull = shards.ranks();

    assertThat(warm.at("/result/warm_start").asBoolean()).isTrue();
    assertThat(full.at("/result/warm_start").asBoolean(true)).isFalse();
    assertThat(warm.at("/result/iterations").asInt())
        .isLessThan(full.at("/result/iterations").asInt());
    assertThat(byWarm.keySet()).isEqualTo(byFull.keySet()).contains("new").hasSize(401);
    byFull.forEach((id, rank) -> assertThat(rank(byWarm, id)).isCloseTo(rank, within(1e-6 / 401)));
  }

  @Test
  void ranksHostsAndStartsFromSeeds() throws Exception {
    shards.put("p1", "https://a.example/1", to("https://b.example/1"), to("https://c.example/1"));
    shards.put("p2", "https://a.example/2", to("https://b.example/1"), to("https://a.example/1"));
    shards.put("p3", "https://b.example/1");
    shards.put("p4", "https://c.example/1");
    shards.put("p5", null, to("https://c.example/1"));
    start();

    var run =
        run(
            "{\"namespace\": \"wiki\", \"level\": \"host\", \"tolerance\": 1e-12,"
                + " \"max_iterations\": 999}");

    assertThat(run.at("/result/nodes").asInt()).as(run.toString()).isEqualTo(3);
    assertThat(run.at("/result/edges").asInt()).isEqualTo(3);
    assertThat(run.at("/result/ranked").asInt()).isEqualTo(4);
    var hosts = shards.ranks();
    assertThat(rank(hosts, "p1")).isEqualTo(rank(hosts, "p2"));
    assertThat(hosts).doesNotContainKey("p5");
    double lost = .85 * (rank(hosts, "p3") + rank(hosts, "p4")) / 3;
    assertThat(rank(hosts, "p3"))
        .isCloseTo(.05 + lost + .85 * rank(hosts, "p1") * 2 / 3, within(1e-10));
    assertThat(rank(hosts, "p4"))
        .isCloseTo(.05 + lost + .85 * rank(hosts, "p1") / 3, within(1e-10));

    var seeded = run("{\"namespace\": \"wiki\", \"personalization\": {\"p1\": 3, \"missing\": 1}}");

    assertThat(seeded.at("/result/seeds").asInt()).isEqualTo(1);
    assertThat(seeded.at("/result/missing_seeds/0").asString()).isEqualTo("missing");
    assertThat(shards.ranks().get("p2")).isZero();
    assertThat(shards.ranks().get("p1")).isGreaterThan(.3);

    var none = run("{\"namespace\": \"wiki\", \"seeds\": [\"missing\"]}");

    assertThat(none.path("state").asString()).isEqualTo("failed");
    assertThat(none.at("/error/errors/0/message").asString())
        .isEqualTo(
            "must name a document of the namespace, and none of 1 does; the first is 'missing'");
  }

  @Test
  void anEmptyNamespaceHasNoRanks() throws Exception {
    start();

    var run = run("{\"namespace\": \"wiki\"}");

    assertThat(run.path("state").asString()).as(run.toString()).isEqualTo("succeeded");
    assertThat(run.at("/result/nodes").asInt(-1)).isZero();
    assertThat(shards.ranks()).isEmpty();
  }

  /** What a killed process leaves: a job that is noted as started, and a checkpoint. */
  @Test
  void aRunGoesOnFromItsCheckpointAfterACrashAndReadsNothingAgain() throws Exception {
    random(3000, 5);
    start("mosaic.pagerank.checkpoint-interval=0");
    var begun =
        call(
            "POST",
            "/v1/pagerank",
            "{\"namespace\": \"wiki\", \"tolerance\": 0, \"max_iterations\": 4000}");
    var id = begun.body().path("id").asString();
    var refused = call("POST", "/v1/pagerank", "{\"namespace\": \"wiki\"}");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body().path("code").asString()).isEqualTo("pagerank_running");
    assertThat(refused.body().path("detail").asString()).contains(id);
    long deadline = System.nanoTime() + LONG.toNanos();
    while (call("GET", "/v1/pagerank/" + id, null).body().path("iteration").asInt() < 20) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(5);
    }
    stop();
    int read = shards.pages.get();
    assertThat(read).isPositive();
    assertThat(shards.ranks()).isEmpty();
    try (var connection = DriverManager.getConnection(Sqlite.url(folder.resolve("state.db")));
        var statement = connection.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "UPDATE BATCH_JOB_EXECUTION SET STATUS = 'STARTED', END_TIME = NULL"))
          .isEqualTo(1);
      statement.executeUpdate(
          "UPDATE BATCH_STEP_EXECUTION SET STATUS = 'STARTED', END_TIME = NULL"
              + " WHERE STEP_NAME = 'iterate'");
    }

    start("mosaic.pagerank.checkpoint-interval=1h");
    var ended = ended(id);

    assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("succeeded");
    assertThat(ended.at("/result/iterations").asInt()).isEqualTo(4000);
    assertThat(shards.pages.get()).isEqualTo(read);
    var resumed = shards.ranks();
    run("{\"namespace\": \"wiki\", \"warm_start\": false, \"tolerance\": 1e-14}");
    shards
        .ranks()
        .forEach((name, rank) -> assertThat(rank(resumed, name)).isCloseTo(rank, within(1e-12)));
  }

  @Test
  void aCanceledRunPublishesNothing() throws Exception {
    random(3000, 3);
    start("mosaic.pagerank.checkpoint-interval=0");
    var id =
        call(
                "POST",
                "/v1/pagerank",
                "{\"namespace\": \"wiki\", \"tolerance\": 0, \"max_iterations\": 10000}")
            .body()
            .path("id")
            .asString();

    assertThat(call("POST", "/v1/pagerank/" + id + "/cancel", null).status()).isEqualTo(200);

    var ended = ended(id);
    assertThat(ended.path("state").asString()).isEqualTo("canceled");
    assertThat(shards.ranks()).isEmpty();
    var again = call("POST", "/v1/pagerank/" + id + "/cancel", null);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.body().path("code").asString()).isEqualTo("task_finished");
    var listed = call("GET", "/v1/pagerank?namespace=wiki&state=canceled", null).body();
    assertThat(listed.at("/runs/0/id").asString()).isEqualTo(id);
  }

  @Test
  void ranksAreComputedAgainAfterTheIntervalWhereDocumentsHaveChanged() throws Exception {
    shards.put("a", null, to("b"));
    shards.put("b", null);
    start("mosaic.pagerank.intervals.wiki=200ms");
    awaitRanks(2);
    assertThat(shards.ranks()).doesNotContainKey("c");

    shards.put("c", null, to("b"));

    awaitRanks(3);
    assertThat(shards.ranks().get("b")).isGreaterThan(shards.ranks().get("c"));
    var runs = call("GET", "/v1/pagerank", null).body().path("runs");
    assertThat(runs.size()).isEqualTo(2);
  }

  private static double rank(Map<String, Double> ranks, String id) {
    return ranks.getOrDefault(id, Double.NaN);
  }

  private void awaitRanks(int documents) throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (shards.ranks().size() != documents) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private void random(int documents, int seed) {
    var random = new Random(seed);
    for (int i = 0; i < documents; i++) {
      var links = new LinkTarget[random.nextInt(6)];
      Arrays.setAll(links, _ -> to("d" + random.nextInt(documents)));
      shards.put("d" + i, null, links);
    }
  }
}
