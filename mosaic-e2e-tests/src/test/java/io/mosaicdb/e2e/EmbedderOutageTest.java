package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A model elsewhere: how it is asked, and what still works while it does not answer. */
class EmbedderOutageTest {
  private static final Duration RECOVERY = Duration.ofSeconds(30);
  @TempDir Path folder;
  @RegisterExtension final Servers servers = new Servers();

  @Test
  void withTheEmbedderStoppedWordsAreStillFoundAndNothingIsHalfStored() throws IOException {
    try (var stub = new EmbeddingStub()) {
      var server =
          servers.start(
              folder.resolve("data"),
              "--mosaic.embedding.backend=openai",
              "--mosaic.embedding.openai.base-url=" + stub.address(),
              "--mosaic.embedding.openai.api-key=test-key",
              "--mosaic.embedding.remote-model.id=letters",
              "--mosaic.embedding.remote-model.dimensions=8",
              "--mosaic.embedding.remote.attempts=2",
              "--mosaic.embedding.remote.first-wait=20ms",
              "--mosaic.embedding.cache.max-entries=0");
      var namespace = server.api().namespace("remote");
      namespace.write(
          "{\"id\": \"a\", \"title\": \"One\", \"text\": \"aardvark\"}",
          "{\"id\": \"b\", \"title\": \"Two\", \"text\": \"tortoise\"}",
          "{\"id\": \"z\", \"title\": \"Six\", \"text\": \"zzz\"}");
      assertThat(namespace.find("{\"q\": \"aaa\", \"mode\": \"semantic\"}")).startsWith("a");
      assertRequests(stub);

      stub.stop();

      assertKnownAnswersStandIn(server.api(), namespace);
      assertWordsOnly(server.api(), namespace);
      assertNothingIsStored(server.api(), namespace);

      stub.restart();

      Await.until(
          "texts are embedded again",
          RECOVERY,
          () ->
              server
                  .api()
                  .post(
                      namespace.path() + "/documents",
                      "{\"documents\": [{\"id\": \"c\", \"text\": \"quokka\"}]}")
                  .json()
                  .at("/results/0/status")
                  .asString("")
                  .equals("created"));
      Await.until(
          "a semantic search answers again",
          RECOVERY,
          () ->
              server
                      .api()
                      .post(namespace.path() + "/search", "{\"q\": \"aa\", \"mode\": \"semantic\"}")
                      .status()
                  == 200);
      var whole = namespace.search("{\"q\": \"quokka\"}");
      assertThat(whole.at("/coverage/degraded").size()).isZero();
      assertThat(whole.at("/hits/0/id").asString()).isEqualTo("c");
      Await.until(
          "/health is ok again",
          RECOVERY,
          () -> server.api().get("/health").json().path("status").asString().equals("ok"));
    }
  }

  private static void assertKnownAnswersStandIn(Api api, NamespaceClient namespace) {
    var path = namespace.path() + "/search";
    var known = "{\"q\": \"aaa\", \"mode\": \"semantic\"%s}";
    var unchanged = api.post(path, known.formatted("")).require(200).json();
    assertThat(unchanged.path("cache").asString()).isEqualTo("hit");
    assertThat(unchanged.path("stale").asBoolean(false)).isFalse();
    namespace.deleteAll("z");

    api.post(path, known.formatted("")).require(503);
    var stale = api.post(path, known.formatted(", \"stale_if_error\": true")).require(200).json();
    assertThat(stale.path("stale").asBoolean()).isTrue();
    assertThat(stale.path("hits")).isEqualTo(unchanged.path("hits"));
    assertThat(stale.at("/coverage/degraded").toString()).contains("embedder");
    var unknown =
        api.post(path, "{\"q\": \"abc\", \"mode\": \"semantic\", \"stale_if_error\": true}")
            .require(503);
    assertThat(unknown.json().path("code").asString()).isEqualTo("embedder_unavailable");
  }

  private static void assertRequests(EmbeddingStub stub) {
    assertThat(stub.calls()).isNotEmpty();
    for (var call : stub.calls()) {
      assertThat(call.method()).isEqualTo("POST");
      assertThat(call.path()).isEqualTo("/v1/embeddings");
      assertThat(call.authorization()).isEqualTo("Bearer test-key");
      assertThat(call.body().path("model").asString()).isEqualTo("letters");
      assertThat(call.body().path("input").isArray()).isTrue();
    }
    assertThat(stub.calls().toString()).contains("aardvark").contains("tortoise").contains("aaa");
  }

  private static void assertWordsOnly(Api api, NamespaceClient namespace) {
    var words = namespace.search("{\"q\": \"aardvark\", \"mode\": \"keyword\"}");
    assertThat(words.at("/hits/0/id").asString()).isEqualTo("a");
    assertThat(words.at("/coverage/degraded").size()).isZero();
    var both = namespace.search("{\"q\": \"aardvark\"}");
    assertThat(both.at("/hits/0/id").asString()).isEqualTo("a");
    assertThat(both.at("/coverage/degraded/0/code").asString()).isEqualTo("semantic_leg_missing");
    assertThat(both.at("/coverage/degraded/0/detail").asString()).isNotBlank();
    var meaning =
        api.post(namespace.path() + "/search", "{\"q\": \"aardvark\", \"mode\": \"semantic\"}")
            .require(503);
    assertThat(meaning.json().path("code").asString()).isEqualTo("embedder_unavailable");
    assertThat(meaning.json().path("detail").asString()).isNotBlank();
    assertThat(meaning.header("Retry-After")).isNotEmpty();
    Await.until(
        "/health says that the embedder does not answer",
        RECOVERY,
        () -> api.get("/health").require(200).json().path("status").asString().equals("degraded"));
    assertThat(api.get("/health").json().at("/components/embedder/status").asString())
        .isNotEqualTo("ok");
  }

  private static void assertNothingIsStored(Api api, NamespaceClient namespace) {
    var one =
        api.post(
            namespace.path() + "/documents", "{\"documents\": [{\"id\": \"c\", \"text\": \"x\"}]}");
    assertThat(one.status()).as(one.body()).isEqualTo(503);
    assertThat(one.json().path("code").asString()).isEqualTo("embedder_unavailable");
    var many =
        api.post(
            namespace.path() + "/documents",
            "{\"documents\": [{\"id\": \"d\", \"text\": \"x\"}, {\"id\": \"a\", \"text\": \"changed\"}]}");
    if (many.status() == 200) {
      for (var result : many.json().path("results")) {
        assertThat(result.path("status").asString()).isEqualTo("failed");
        assertThat(result.at("/error/code").asString()).isEqualTo("embedder_unavailable");
      }
    } else {
      assertThat(many.status()).as(many.body()).isEqualTo(503);
    }
    namespace.document("c").require(404);
    namespace.document("d").require(404);
    assertThat(namespace.document("a").require(200).json().path("text").asString())
        .isEqualTo("aardvark");
    assertThat(namespace.description().path("documents").asInt()).isEqualTo(2);
    assertThat(namespace.find("{\"q\": \"changed\", \"mode\": \"keyword\"}")).isEmpty();
  }
}
