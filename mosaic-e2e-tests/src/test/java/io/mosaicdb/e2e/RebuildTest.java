package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Changes that are built into every shard: they happen beside what is served, whole or not. */
@ExtendWith(SharedServer.class)
class RebuildTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String GERMAN =
      "{\"schema\": {\"fields\": {\"text\": {\"language\": \"de\"}}}}";
  private static final String LARGER_MODEL =
      "{\"schema\": {\"vector\": {\"model\": \"more-letters\"}}}";
  private static final String WORDS_ONLY =
      """
      {"schema": {"fields": {"text": {"type": "text"}},
                  "attributes": {"summary": {"type": "string", "filterable": false}},
                  "vector": {"source": "none"}},
       "settings": {"shard_documents": 400, "seal_age": "1h"}}
      """;
  private static final String MEANING =
      "{\"q\": \"aaaa tttt\", \"mode\": \"semantic\", \"limit\": 5}";
  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;
  private final Api api;

  RebuildTest(Api api) {
    this.api = api;
  }

  private static String[] models(EmbeddingStub stub) {
    return new String[] {
      "--mosaic.embedding.backend=openai",
      "--mosaic.embedding.openai.base-url=" + stub.address(),
      "--mosaic.embedding.remote-model.id=letters",
      "--mosaic.embedding.remote-model.dimensions=8",
      "--mosaic.embedding.other.backend=openai",
      "--mosaic.embedding.other.base-url=" + stub.address(),
      "--mosaic.embedding.other.id=" + EmbeddingStub.LARGER,
      "--mosaic.embedding.other.dimensions=12",
      "--mosaic.embedding.cache.max-entries=0",
      "--mosaic.worker.rebuild.share=1"
    };
  }

  private static String rebuild(NamespaceClient namespace, String change) {
    var answer = namespace.api().patch(namespace.path(), change).require(202);
    var task = answer.header("Location");
    assertThat(task).isEqualTo("/v1/tasks/" + answer.json().path("id").asString());
    return task;
  }

  private static JsonNode ended(Api api, String task) {
    Await.until(
        "the rebuild has ended",
        LIMIT,
        () ->
            List.of("succeeded", "failed", "canceled")
                .contains(api.get(task).require(200).json().path("state").asString()));
    return api.get(task).require(200).json();
  }

  private static void requireSuccess(Api api, String task) {
    var ended = ended(api, task);
    assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("succeeded");
  }

  /** What others do meanwhile; anything unexpected that they meet is kept. */
  private static final class Meanwhile implements AutoCloseable {
    private final AtomicBoolean over = new AtomicBoolean();
    private final ConcurrentLinkedQueue<String> surprises = new ConcurrentLinkedQueue<>();
    private final AtomicInteger rounds = new AtomicInteger();
    private final List<Thread> threads;

    interface Round {
      @Nullable String surprise(int number);
    }

    Meanwhile(Round... each) {
      threads =
          Arrays.stream(each).map(round -> Thread.ofVirtual().start(() -> repeat(round))).toList();
    }

    private void repeat(Round round) {
      for (int i = 0; !over.get(); i++) {
        try {
          var surprise = round.surprise(i);
          if (surprise != null) {
            surprises.add(surprise);
          }
        } catch (RuntimeException | AssertionError e) {
          surprises.add(e.toString());
        }
        rounds.incrementAndGet();
      }
    }

    @Override
    public void close() {
      over.set(true);
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
      assertThat(surprises).isEmpty();
      assertThat(rounds.get()).isPositive();
    }
  }

  @Test
  void anotherLanguageWhileDocumentsAreReadWrittenAndDeleted() {
    var namespace = api.namespace("language").create(WORDS_ONLY);
    for (int from = 0; from < 1000; from += 100) {
      namespace.write(
          IntStream.range(from, from + 100)
              .mapToObj(i -> "{\"id\": \"d%04d\", \"text\": \"Häuser number %d\"}".formatted(i, i))
              .toArray(String[]::new));
    }
    var exactWord = "{\"q\": \"Häuser\", \"limit\": 1}";
    var otherForm = "{\"q\": \"Hauses\", \"limit\": 1}";
    assertThat(namespace.find(otherForm)).isEmpty();
    long version = namespace.document("d0500").require(200).json().path("version").asLong();
    var written = new AtomicInteger();

    String task;
    try (var _ =
        new Meanwhile(
            _ -> {
              var answer = namespace.search(exactWord);
              return answer.at("/coverage/full").asBoolean() && answer.at("/hits").size() == 1
                  ? null
                  : answer.toString();
            },
            i -> {
              namespace.write("{\"id\": \"w%d\", \"text\": \"Häuser\"}".formatted(i));
              written.set(i + 1);
              if (i % 3 == 0) {
                namespace.deleteAll("w" + i);
              }
              var found = namespace.document("w" + i).status();
              return found == (i % 3 == 0 ? 404 : 200) ? null : "w" + i + " gives " + found;
            })) {
      task = rebuild(namespace, GERMAN);
      requireSuccess(api, task);
      int before = written.get();
      Await.until("writes go on", LIMIT, () -> written.get() > before + 3);
    }

    assertAllAreFound(namespace, otherForm, 1000 + kept(written.get()));
    assertThat(namespace.document("d0500").require(200).json().path("version").asLong())
        .as("a rebuild is no write")
        .isEqualTo(version);
    assertThat(namespace.description().at("/schema/fields/text/language").asString())
        .isEqualTo("de");
    var progress = api.get(task).json();
    assertThat(progress.toString()).contains("\"documents\"");
  }

  private static int kept(int written) {
    return written - (written + 2) / 3;
  }

  private static void assertAllAreFound(NamespaceClient namespace, String query, int expected) {
    assertThat(namespace.description().path("documents").asInt()).isEqualTo(expected);
    assertThat(
            namespace
                .api()
                .post(namespace.path() + "/sql", "{\"sql\": \"SELECT count(*) FROM documents\"}")
                .require(200)
                .json()
                .at("/rows/0/0")
                .asInt())
        .isEqualTo(expected);
    var found = namespace.search(query.replace("\"limit\": 1", "\"limit\": 100"));
    assertThat(found.at("/hits").size()).isEqualTo(100);
  }

  @Test
  void anotherModelWithOtherDimensionsAlthoughTheProcessIsKilledMeanwhile() throws IOException {
    try (var stub = new EmbeddingStub()) {
      var data = folder.resolve("data");
      var first = servers.start(data, models(stub));
      var namespace = first.api().namespace("model");
      fill(namespace);
      assertThat(namespace.description().at("/embedder/dimensions").asInt()).isEqualTo(8);
      var before = namespace.find(MEANING);
      assertThat(before).hasSize(5);

      stub.hold(EmbeddingStub.LARGER);
      var task = rebuild(namespace, LARGER_MODEL);
      Await.until(
          "documents are embedded anew",
          LIMIT,
          () -> stub.calls().stream().anyMatch(each -> of(each).equals(EmbeddingStub.LARGER)));
      assertThat(namespace.find(MEANING)).as("reads go on").isEqualTo(before);
      namespace.write("{\"id\": \"meanwhile\", \"text\": \"aaaaaaaaaaaa tttttttttttt\"}");
      assertThat(namespace.find(MEANING)).contains("meanwhile");
      first.api().patch(namespace.path(), GERMAN).require(409);

      first.kill();
      stub.release();
      var second = servers.start(data, models(stub));
      var again = second.api().namespace("model");
      try (var _ =
          new Meanwhile(
              _ -> {
                var answer = again.search(MEANING);
                return answer.at("/coverage/degraded").isEmpty()
                        && answer.at("/hits/0/id").asString().equals("meanwhile")
                    ? null
                    : answer.toString();
              },
              i -> {
                again.write("{\"id\": \"x%d\", \"text\": \"something\"}".formatted(i % 7));
                return null;
              },
              _ -> {
                var like =
                    again
                        .api()
                        .post(again.path() + "/similar", "{\"id\": \"meanwhile\", \"limit\": 3}");
                return like.status() == 200 ? null : like.body();
              })) {
        requireSuccess(second.api(), task);
        Await.until(
            "the new model is told",
            LIMIT,
            () -> again.description().at("/embedder/dimensions").asInt() == 12);
      }

      assertThat(again.description().at("/embedder/id").asString()).isEqualTo(EmbeddingStub.LARGER);
      assertThat(again.description().at("/schema/vector/dimensions").asInt()).isEqualTo(12);
      assertThat(again.find(MEANING)).startsWith("meanwhile");
      assertThat(
              again
                  .api()
                  .get(again.path() + "/documents/d7?include_vector=true")
                  .require(200)
                  .json()
                  .at("/passages/0/vector")
                  .size())
          .isIn(12, 0);
      stub.calls().stream()
          .reduce((_, last) -> last)
          .ifPresent(last -> assertThat(of(last)).isEqualTo(EmbeddingStub.LARGER));

      second.kill();
      var third = servers.start(data, models(stub)).api().namespace("model");
      assertThat(third.find(MEANING)).startsWith("meanwhile");
      assertThat(third.description().at("/embedder/dimensions").asInt()).isEqualTo(12);
    }
  }

  @Test
  void aRebuildThatIsCanceledLeavesEverythingAsItWas() throws IOException {
    try (var stub = new EmbeddingStub()) {
      var server = servers.start(folder.resolve("data"), models(stub));
      var namespace = server.api().namespace("canceled");
      fill(namespace);
      var before = namespace.find(MEANING);
      stub.hold(EmbeddingStub.LARGER);
      var task = rebuild(namespace, LARGER_MODEL);
      Await.until(
          "documents are embedded anew",
          LIMIT,
          () -> stub.calls().stream().anyMatch(each -> of(each).equals(EmbeddingStub.LARGER)));

      server.api().post(task + "/cancel", "").require(200);
      stub.release();

      assertThat(ended(server.api(), task).path("state").asString()).isEqualTo("canceled");
      assertThat(namespace.description().at("/embedder/id").asString()).isEqualTo("letters");
      assertThat(namespace.find(MEANING)).isEqualTo(before);
      namespace.write("{\"id\": \"later\", \"text\": \"aaaa\"}");
      requireSuccess(server.api(), rebuild(namespace, LARGER_MODEL));
      assertThat(namespace.description().at("/embedder/id").asString())
          .isEqualTo(EmbeddingStub.LARGER);
    }
  }

  @Test
  void aNewFieldTakesTheAttributeOfItsName() {
    var namespace = api.namespace("new-field").create(WORDS_ONLY);
    namespace.write(
        "{\"id\": \"a\", \"text\": \"lamp\", \"attributes\": {\"summary\": \"a quokka\"}}",
        "{\"id\": \"b\", \"text\": \"lamp\"}");
    assertThat(namespace.find("{\"q\": \"quokka\"}")).isEmpty();

    requireSuccess(
        api,
        rebuild(
            namespace,
            "{\"schema\": {\"fields\": {\"summary\": {\"type\": \"text\"}},"
                + " \"attributes\": {\"summary\": {\"filterable\": true}}}}"));

    assertThat(namespace.find("{\"q\": \"quokka\"}")).containsExactly("a");
    assertThat(
            namespace.find(
                "{\"q\": \"lamp\", \"filter\": {\"field\": \"summary\", \"op\": \"exists\", \"value\": true}}"))
        .containsExactly("a");
    namespace.write("{\"id\": \"c\", \"text\": \"x\", \"fields\": {\"summary\": \"quokka\"}}");
    assertThat(namespace.find("{\"q\": \"quokka\"}")).containsExactlyInAnyOrder("a", "c");
  }

  private static String of(EmbeddingStub.Call call) {
    return call.body().path("model").asString();
  }

  private static void fill(NamespaceClient namespace) {
    namespace.write(
        IntStream.range(0, 40)
            .mapToObj(i ->
                "{\"id\": \"d%d\", \"text\": \"%s%s\"}"
                    .formatted(i, "a".repeat(i % 9), "n".repeat(40 - i)))
            .toArray(String[]::new));
    namespace.seal();
    namespace.write(
        IntStream.range(40, 60)
            .mapToObj(i -> "{\"id\": \"d%d\", \"text\": \"cold %d\"}".formatted(i, i))
            .toArray(String[]::new));
  }
}
