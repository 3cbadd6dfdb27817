package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Second names of namespaces, on a server of their own: the names are everybody's. */
class AliasesTest {
  private static final int FLIPS = 100;
  private static final int SEARCHERS = 3;
  @RegisterExtension static final OwnServer SERVER = new OwnServer();

  /** The tests share the server, and with it the names. */
  @AfterEach
  void forgetAllNames() {
    var api = SERVER.api();
    for (var alias : api.get("/v1/aliases").require(200).json().path("aliases")) {
      api.delete("/v1/aliases/" + alias.path("alias").asString()).require(204);
    }
    for (var name : List.of("blue", "green")) {
      if (api.get("/v1/namespaces/" + name).status() == 200) {
        api.delete("/v1/namespaces/" + name).require(204);
      }
    }
  }

  private static void fill(NamespaceClient namespace, String color, int documents) {
    namespace.createWithClientVectors(1000);
    namespace.write(
        IntStream.range(0, documents)
            .mapToObj(i ->
                "{\"id\": \"%s-%d\", \"title\": \"%s\", \"text\": \"door\", \"vector\": %s}"
                    .formatted(color, i, color, Vectors8.of(i)))
            .toArray(String[]::new));
  }

  @Test
  void everyAnswerIsWhollyOfOneNamespaceWhileTheAliasFlips() throws Exception {
    var api = SERVER.api();
    fill(api.namespace("blue"), "blue", 7);
    fill(api.namespace("green"), "green", 5);
    put(api, "door", "blue").require(201);
    var stopped = new AtomicBoolean();
    var searches = new AtomicInteger();
    var seen = new ArrayList<Future<Set<String>>>();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < SEARCHERS; i++) {
        Callable<Set<String>> search = () -> searchUntil(api, stopped, searches);
        seen.add(threads.submit(search));
      }
      try {
        for (int flip = 1; flip <= FLIPS; flip++) {
          int before = searches.get();
          var target = flip % 2 == 0 ? "blue" : "green";
          put(api, "door", target).require(200);
          // What this client asks after the switch is answered after the switch.
          assertThat(color(api.post("/v1/namespaces/door/search", QUESTION).require(200)))
              .isEqualTo(target);
          Await.until(
              "a search after flip " + flip,
              java.time.Duration.ofSeconds(30),
              () -> searches.get() > before || seen.stream().anyMatch(Future::isDone));
        }
      } finally {
        stopped.set(true);
      }
      var colors = new HashSet<String>();
      for (var each : seen) {
        colors.addAll(each.get());
      }
      assertThat(colors).containsExactlyInAnyOrder("blue", "green");
    }
    assertThat(searches.get()).isGreaterThanOrEqualTo(FLIPS);
  }

  private static final String QUESTION =
      "{\"q\": \"door\", \"vector\": %s, \"fields\": [\"title\"], \"limit\": 100}"
          .formatted(Vectors8.of(1));

  private static Set<String> searchUntil(Api api, AtomicBoolean stopped, AtomicInteger searches) {
    var colors = new HashSet<String>();
    while (!stopped.get()) {
      colors.add(color(api.post("/v1/namespaces/door/search", QUESTION).require(200)));
      searches.incrementAndGet();
    }
    return colors;
  }

  /** The one namespace that an answer is from, all of it. */
  private static String color(Answer answer) {
    var hits = answer.json().path("hits");
    var color = hits.at("/0/fields/title").asString();
    assertThat(hits).hasSize(color.equals("blue") ? 7 : 5);
    for (var hit : hits) {
      assertThat(hit.at("/fields/title").asString()).isEqualTo(color);
      assertThat(hit.path("id").asString()).startsWith(color);
    }
    return color;
  }

  private static Answer put(Api api, String alias, String namespace) {
    return api.put("/v1/aliases/" + alias, "{\"namespace\": \"" + namespace + "\"}");
  }

  @Test
  void anAliasReadsAndWritesItsNamespaceAndOutlivesARestart() {
    var api = SERVER.api();
    fill(api.namespace("blue"), "blue", 2);
    put(api, "door", "blue").require(201);
    var door = api.namespace("door");

    door.write(
        "{\"id\": \"new\", \"title\": \"blue\", \"text\": \"door\", \"vector\": %s}"
            .formatted(Vectors8.of(8)));
    assertThat(api.namespace("blue").document("new").status()).isEqualTo(200);
    assertThat(door.document("blue-0").require(200).json().path("id").asString())
        .isEqualTo("blue-0");
    assertThat(door.description().path("namespace").asString()).isEqualTo("blue");
    assertThat(door.find("{\"q\": \"door\", \"mode\": \"keyword\"}")).hasSize(3);
    var bulk =
        "{\"id\": \"line\", \"text\": \"door\", \"vector\": %s}\n{\"delete\": \"blue-1\"}\n"
            .formatted(Vectors8.of(9));
    assertThat(
            api.send(
                    "POST",
                    "/v1/namespaces/door/bulk",
                    java.net.http.HttpRequest.BodyPublishers.ofString(bulk),
                    "Content-Type",
                    "application/x-ndjson")
                .require(200)
                .body())
        .contains("created");
    assertThat(
            api.post(
                    "/v1/multi-search",
                    "{\"searches\": [{\"namespace\": \"door\", \"q\": \"door\", \"mode\": \"keyword\"}]}")
                .require(200)
                .json()
                .at("/results/0/response/hits"))
        .hasSize(3);

    var again = SERVER.killAndRestart();
    assertThat(again.get("/v1/aliases").require(200).json().toString())
        .isEqualTo("{\"aliases\":[{\"alias\":\"door\",\"namespace\":\"blue\"}]}");
    assertThat(again.namespace("door").find("{\"q\": \"door\", \"mode\": \"keyword\"}"))
        .containsExactlyInAnyOrder("blue-0", "new", "line");
  }

  @Test
  void namesAreSharedByNamespacesAndAliases() {
    var api = SERVER.api();
    fill(api.namespace("blue"), "blue", 1);
    fill(api.namespace("green"), "green", 1);
    put(api, "door", "blue").require(201);

    assertProblem(put(api, "green", "blue"), 409, "namespace_exists");
    assertProblem(api.put("/v1/namespaces/door", "{}"), 409, "namespace_exists");
    assertProblem(put(api, "gate", "nowhere"), 422, "invalid_value");
    assertProblem(put(api, "gate", "door"), 422, "invalid_value");
    assertProblem(put(api, "a.b", "blue"), 422, "invalid_value");
    assertProblem(api.put("/v1/aliases/gate", "{}"), 422, "invalid_value");
    assertProblem(api.get("/v1/aliases/gate"), 404, "alias_not_found");
    assertProblem(api.delete("/v1/aliases/gate"), 404, "alias_not_found");
    assertProblem(api.delete("/v1/namespaces/blue"), 409, "namespace_in_use");
    assertProblem(api.delete("/v1/namespaces/door"), 409, "namespace_in_use");
    var switched = put(api, "door", "green").require(200).json();
    assertThat(switched.path("previous").asString()).isEqualTo("blue");
    assertThat(api.get("/v1/aliases/door").require(200).json().path("namespace").asString())
        .isEqualTo("green");
    api.delete("/v1/namespaces/blue").require(204);
    api.delete("/v1/aliases/door").require(204);
    assertProblem(
        api.post("/v1/namespaces/door/search", "{\"q\": \"x\"}"), 404, "namespace_not_found");
    api.delete("/v1/namespaces/green").require(204);
  }

  private static void assertProblem(Answer answer, int status, String code) {
    assertThat(answer.require(status).json().path("code").asString()).isEqualTo(code);
  }
}
