package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Kept answers: found again, also after a restart, and never older than the newest write. */
class ResultCacheTest {
  private static final String QUESTION = "{\"q\": \"tortoise\"}";
  private static final Duration LIMIT = Duration.ofSeconds(30);
  @TempDir Path folder;
  @RegisterExtension final Servers servers = new Servers();

  private static String cache(JsonNode answer) {
    return answer.path("cache").asString("none");
  }

  @Test
  void keepsAnswersOverARestartAndNeverHidesAChange() throws IOException {
    try (var stub = new EmbeddingStub()) {
      var data = folder.resolve("data");
      var settings =
          new String[] {
            "--mosaic.embedding.backend=openai",
            "--mosaic.embedding.openai.base-url=" + stub.address(),
            "--mosaic.embedding.remote-model.id=letters",
            "--mosaic.embedding.remote-model.dimensions=8",
            "--mosaic.embedding.remote.attempts=1",
            "--mosaic.embedding.cache.max-entries=0"
          };
      var first = servers.start(data, settings);
      var namespace = first.api().namespace("kept");
      namespace.write("{\"id\": \"a\", \"text\": \"tortoise\"}");
      assertThat(cache(namespace.search(QUESTION))).isEqualTo("none");
      assertThat(cache(namespace.search(QUESTION))).isEqualTo("hit");
      namespace.write("{\"id\": \"b\", \"text\": \"tortoise tortoise\"}");
      assertThat(namespace.find(QUESTION)).containsExactlyInAnyOrder("a", "b");
      assertThat(first.api().get("/health").json().at("/cache/hit_ratio").asDouble())
          .isGreaterThan(0);
      first.stop();

      var second = servers.start(data, settings);
      namespace = second.api().namespace("kept");
      var again = namespace.search(QUESTION);
      assertThat(cache(again)).isEqualTo("hit");
      assertThat(again.path("hits").size()).isEqualTo(2);
      assertANamespaceMadeAnewHasNothingOfTheOld(second.api());
      assertStaleOnlyOnRequest(stub, second.api());
    }
  }

  private static void assertANamespaceMadeAnewHasNothingOfTheOld(Api api) {
    var made = api.namespace("anew");
    made.write("{\"id\": \"old\", \"text\": \"tortoise\"}");
    assertThat(made.find(QUESTION)).containsExactly("old");
    assertThat(made.find(QUESTION)).containsExactly("old");
    api.delete(made.path()).require(204);
    made = api.namespace("anew");
    made.write("{\"id\": \"new\", \"text\": \"tortoise\"}");

    assertThat(made.find(QUESTION)).containsExactly("new");
  }

  private static void assertStaleOnlyOnRequest(EmbeddingStub stub, Api api) {
    var made = api.namespace("stale");
    made.write("{\"id\": \"a\", \"text\": \"tortoise\"}");
    var question = "{\"q\": \"slow animal\", \"mode\": \"semantic\"%s}";
    made.search(question.formatted(", \"stale_if_error\": true"));
    made.deleteAll("a");
    stub.stop();
    var path = made.path() + "/search";

    Await.until(
        "the embedder is known to be away",
        LIMIT,
        () -> api.post(path, question.formatted(", \"limit\": 3")).status() == 503);
    var old = api.post(path, question.formatted(", \"stale_if_error\": true")).require(200).json();

    assertThat(old.path("stale").asBoolean()).isTrue();
    assertThat(old.at("/hits/0/id").asString()).isEqualTo("a");
    assertThat(old.at("/coverage/degraded/0/code").asString()).isEqualTo("embedder_unavailable");
  }
}
