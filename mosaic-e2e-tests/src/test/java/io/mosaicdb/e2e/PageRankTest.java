package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** From links in documents to ranks in searches. */
@ExtendWith(SharedServer.class)
class PageRankTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String WORDS =
      """
      {"schema": {"vector": {"source": "none"}},
       "settings": {"partitions": %d, "seal_age": "1h"}}
      """;
  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;
  private final Api api;

  PageRankTest(Api api) {
    this.api = api;
  }

  private static String page(String id, String text, String... targets) {
    var links = new ArrayList<String>();
    for (String target : targets) {
      links.add("{\"url\": \"https://pages.example/" + target + "\", \"text\": \"see\"}");
    }
    return """
    {"id": "%s", "url": "https://pages.example/%s", "text": "%s", "links": [%s]}\
    """
        .formatted(id, id, text, String.join(",", links));
  }

  private static JsonNode rank(Api api, String namespace, String more) {
    var begun =
        api.post("/v1/pagerank", "{\"namespace\": \"" + namespace + "\"" + more + "}").require(202);
    var address = begun.header("Location");
    return ended(api, address);
  }

  private static JsonNode ended(Api api, String address) {
    Await.until(
        "the run ends",
        LONG,
        () -> !state(api.get(address).require(200).json()).matches("enqueued|running"));
    var run = api.get(address).require(200).json();
    assertThat(state(run)).as(run.toString()).isEqualTo("succeeded");
    return run.path("result");
  }

  private static String state(JsonNode run) {
    return run.path("state").asString();
  }

  private static Map<String, Double> ranks(NamespaceClient namespace, String q) {
    var ranks = new TreeMap<String, Double>();
    var found = namespace.search("{\"q\": \"" + q + "\", \"mode\": \"keyword\", \"limit\": 1000}");
    for (var hit : found.path("hits")) {
      ranks.put(hit.path("id").asString(), hit.path("pagerank").asDouble(Double.NaN));
    }
    return ranks;
  }

  @Test
  void linksMakeRanksThatSearchesGoBy() {
    var namespace = api.namespace("linked").create(WORDS.formatted(2));
    namespace.write(
        page("a", "tin lamp"),
        page("b", "tin lamp"),
        page("c", "tin lamp", "b"),
        page("d", "about lamps", "b", "c", "b#wick", "d", "elsewhere"));
    namespace.seal();
    namespace.write(page("e", "more about lamps", "b"));
    var question = "{\"q\": \"tin\", \"mode\": \"keyword\", \"explain\": true%s}";
    var before = namespace.search(question.formatted(""));
    assertThat(ids(before)).containsExactly("a", "b", "c");
    assertThat(before.at("/hits/0").hasNonNull("pagerank")).isFalse();

    var result = rank(api, "linked", ", \"tolerance\": 1e-12, \"max_iterations\": 500");

    var newest = api.get("/v1/tasks?kind=pagerank&limit=1000").require(200).json();
    var run =
        newest
            .path("tasks")
            .valueStream()
            .filter(task -> task.path("result").equals(result))
            .findFirst()
            .orElseThrow();
    assertThat(api.get("/v1/tasks/" + run.path("id").asString()).require(200).json())
        .isEqualTo(run);
    assertThat(state(run)).isEqualTo("succeeded");
    assertThat(run.at("/progress/unit").asString()).isEqualTo("documents");
    api.post("/v1/tasks/" + run.path("id").asString() + "/cancel", "").require(409);

    assertThat(result.path("documents").asInt()).isEqualTo(5);
    assertThat(result.path("edges").asInt()).isEqualTo(4);
    assertThat(result.path("dangling").asInt()).isEqualTo(2);
    assertThat(result.at("/dropped/parallel").asInt()).isEqualTo(1);
    assertThat(result.at("/dropped/self").asInt()).isEqualTo(1);
    assertThat(result.at("/dropped/unknown").asInt()).isEqualTo(1);
    assertThat(result.path("converged").asBoolean()).isTrue();
    // The very same request: what was answered before is not answered again.
    var after = namespace.search(question.formatted(""));
    assertThat(ids(after)).containsExactly("b", "c", "a");
    for (var hit : after.path("hits")) {
      double legs = hit.at("/scores/text/contribution").asDouble();
      double x = hit.path("pagerank").asDouble() * 5;
      assertThat(hit.at("/scores/authority").asDouble())
          .isCloseTo(.1 * x / (x + 1) * legs, within(1e-9));
      assertThat(hit.path("score").asDouble())
          .isCloseTo(legs + hit.at("/scores/authority").asDouble(), within(1e-9));
      assertThat(hit.at("/explanation/value").asDouble())
          .isCloseTo(hit.path("score").asDouble(), within(1e-9));
    }
    var without = namespace.search(question.formatted(", \"authority\": {\"weight\": 0}"));
    assertThat(ids(without)).containsExactly("a", "b", "c");
    for (int i = 0; i < 3; i++) {
      assertThat(without.at("/hits/" + i + "/score")).isEqualTo(before.at("/hits/" + i + "/score"));
      assertThat(without.at("/hits/" + i + "/scores/authority").asDouble(-1)).isZero();
    }
    double sum =
        ranks(namespace, "tin lamp lamps about more").values().stream()
            .mapToDouble(rank -> rank)
            .sum();
    assertThat(sum).isCloseTo(1, within(1e-9));
  }

  private static List<String> ids(JsonNode answer) {
    return answer.path("hits").valueStream().map(hit -> hit.path("id").asString()).toList();
  }

  @Test
  void theShortFormTellsTheRank() {
    var stored =
        """
        {"documents": [
          {"id": "rank-a", "text": "zyzzyva", "url": "https://short.example/a"},
          {"id": "rank-b", "text": "quokka", "links": [{"url": "https://short.example/a"}]}]}\
        """;
    api.post("/v1/namespaces/default/documents", stored).require(200);
    var _ = rank(api, "default", "");

    var found =
        api.post("/api/search", "{\"query\": \"zyzzyva\", \"mode\": \"keyword\"}")
            .require(200)
            .json();

    assertThat(found.at("/results/0/id").asString()).isEqualTo("rank-a");
    assertThat(found.at("/results/0/pagerank").asDouble()).isBetween(1e-9, 1.0);
  }

  @Test
  void aWarmStartEqualsAFullComputation() {
    var namespace = api.namespace("warm").create(WORDS.formatted(3));
    load(namespace, 300);
    var first = rank(api, "warm", "");
    assertThat(first.path("warm_start").asBoolean(true)).isFalse();
    namespace.write(page("new", "page", "p7"));

    var warm = rank(api, "warm", "");
    var byWarm = ranks(namespace, "page");
    var full = rank(api, "warm", ", \"warm_start\": false");
    var byFull = ranks(namespace, "page");

    assertThat(warm.path("warm_start").asBoolean()).isTrue();
    assertThat(warm.path("iterations").asInt()).isLessThan(full.path("iterations").asInt());
    assertThat(byWarm).hasSize(301).containsKey("new");
    byFull.forEach((id, rank) ->
        assertThat(byWarm.getOrDefault(id, Double.NaN)).isCloseTo(rank, within(1e-6)));
  }

  @Test
  void searchesGoOnWhileRanksAreComputedAndSwapped() throws Exception {
    var namespace = api.namespace("swapped").create(WORDS.formatted(2));
    load(namespace, 400);
    var _ = rank(api, "swapped", "");
    var done = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(3)) {
      Callable<Integer> searching =
          () -> {
            int searches = 0;
            while (!done.get()) {
              var answer =
                  namespace.search("{\"q\": \"page\", \"mode\": \"keyword\", \"limit\": 20}");
              assertThat(answer.at("/coverage/full").asBoolean()).isTrue();
              for (var hit : answer.path("hits")) {
                double legs = hit.at("/scores/text/contribution").asDouble();
                assertThat(hit.path("score").asDouble())
                    .isCloseTo(legs + hit.at("/scores/authority").asDouble(), within(1e-9));
              }
              searches++;
            }
            return searches;
          };
      var searchers =
          List.of(threads.submit(searching), threads.submit(searching), threads.submit(searching));
      for (int run = 0; run < 6; run++) {
        namespace.write(page("extra" + run, "page", "p1"));
        var _ = rank(api, "swapped", run % 2 == 0 ? "" : ", \"warm_start\": false");
      }
      done.set(true);
      for (var searcher : searchers) {
        assertThat(searcher.get()).isPositive();
      }
    } finally {
      done.set(true);
    }
  }

  @Test
  void aKilledProcessGoesOnWithTheRun() {
    var data = folder.resolve("data");
    var first = servers.start(data, "--mosaic.pagerank.checkpoint-interval=0ms");
    var namespace = first.api().namespace("killed").create(WORDS.formatted(1));
    load(namespace, 2000);
    var address =
        first
            .api()
            .post(
                "/v1/pagerank",
                "{\"namespace\": \"killed\", \"tolerance\": 0, \"max_iterations\": 5000}")
            .require(202)
            .header("Location");
    Await.until(
        "it iterates",
        LONG,
        () -> first.api().get(address).require(200).json().path("iteration").asInt() > 10);

    first.kill();
    var second = servers.start(data);

    var result = ended(second.api(), address);
    assertThat(result.path("iterations").asInt()).isEqualTo(5000);
    var resumed = ranks(second.api().namespace("killed"), "page");
    var _ = rank(second.api(), "killed", ", \"warm_start\": false, \"tolerance\": 1e-14");
    ranks(second.api().namespace("killed"), "page")
        .forEach((id, rank) ->
            assertThat(resumed.getOrDefault(id, Double.NaN)).isCloseTo(rank, within(1e-9)));
    second.kill();
    var third = servers.start(data);
    assertThat(ranks(third.api().namespace("killed"), "page").keySet()).hasSize(1000);
    assertThat(ranks(third.api().namespace("killed"), "page").values()).allMatch(Double::isFinite);
  }

  @Test
  void ranksAreComputedByThemselvesAfterTheInterval() {
    var server = servers.start(folder.resolve("scheduled"), "--mosaic.pagerank.interval=500ms");
    var namespace = server.api().namespace("scheduled").create(WORDS.formatted(1));
    namespace.write(page("a", "page", "b"), page("b", "page"));
    Await.until(
        "the first ranks",
        LONG,
        () -> ranks(namespace, "page").values().stream().allMatch(Double::isFinite));

    namespace.write(page("c", "page", "a"));

    Await.until(
        "ranks with the new page",
        LONG,
        () -> ranks(namespace, "page").values().stream().allMatch(Double::isFinite));
    assertThat(ranks(namespace, "page")).hasSize(3);
  }

  private void load(NamespaceClient namespace, int pages) {
    var random = new Random(pages);
    var lines = new StringBuilder();
    for (int i = 0; i < pages; i++) {
      var targets = new String[random.nextInt(5)];
      java.util.Arrays.setAll(targets, _ -> "p" + random.nextInt(pages));
      lines.append(page("p" + i, "page number " + i, targets)).append('\n');
    }
    var answer =
        namespace
            .api()
            .send(
                "POST",
                namespace.path() + "/bulk",
                BodyPublishers.ofString(lines.toString()),
                "Content-Type",
                "application/x-ndjson");
    answer.require(200);
    assertThat(answer.body()).contains("\"created\":" + pages);
  }
}
