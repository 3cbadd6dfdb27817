package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What was accepted with 202 happens, whatever becomes of the process. */
class TasksTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  @TempDir Path folder;
  @RegisterExtension final Servers servers = new Servers();

  @Test
  void aWriteThatWasAcceptedIsAppliedOnceAlthoughTheProcessIsKilledMeanwhile() throws IOException {
    try (var stub = new EmbeddingStub()) {
      var data = folder.resolve("data");
      var settings =
          new String[] {
            "--mosaic.embedding.backend=openai",
            "--mosaic.embedding.openai.base-url=" + stub.address(),
            "--mosaic.embedding.remote-model.id=letters",
            "--mosaic.embedding.remote-model.dimensions=8"
          };
      var first = servers.start(data, settings);
      var namespace = first.api().namespace("later");
      namespace.write("{\"id\": \"before\", \"text\": \"aardvark\"}");
      stub.hold();
      var accepted =
          first
              .api()
              .post(
                  namespace.path() + "/documents?async=true",
                  "{\"documents\": [{\"id\": \"a\", \"text\": \"tortoise\"}, {\"id\": \"b\", \"text\": \"quokka\"}]}")
              .require(202);
      var task = "/v1/tasks/" + accepted.json().path("id").asString();
      Await.until(
          "its texts are being embedded", LIMIT, () -> stub.calls().toString().contains("quokka"));

      first.kill();
      stub.release();
      var second = servers.start(data, settings);

      awaitSuccess(second.api(), task);
      var done = second.api().get(task).require(200).json();
      assertThat(done.at("/result/results/0/status").asString()).isEqualTo("created");
      assertThat(second.api().namespace("later").find("{\"q\": \"tortoise\"}")).startsWith("a");
      var version = version(second.api());

      second.kill();
      var third = servers.start(data, settings);

      assertThat(third.api().get(task).require(200).json()).isEqualTo(done);
      assertThat(version(third.api())).isEqualTo(version);
    }
  }

  private static void awaitSuccess(Api api, String task) {
    Await.until(
        "the task has succeeded",
        LIMIT,
        () -> api.get(task).require(200).json().path("state").asString().equals("succeeded"));
  }

  private static long version(Api api) {
    return api.namespace("later").document("a").require(200).json().path("version").asLong();
  }
}
