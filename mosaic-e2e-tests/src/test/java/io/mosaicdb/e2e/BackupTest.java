package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A namespace is copied under load, and made again from the copy, here and elsewhere. */
class BackupTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final long SEED = System.nanoTime();

  @TempDir Path folder;
  @RegisterExtension static final OwnServer SERVER = new OwnServer();
  @RegisterExtension final Servers others = new Servers();

  @Test
  void aBackupUnderLoadIsRestoredElsewhereAndAnswersTheSame() throws Exception {
    var api = SERVER.api();
    var namespace = api.namespace("loaded").createWithClientVectors(50);
    for (int i = 0; i < 120; i++) {
      namespace.write(document(i, "first"));
    }
    var stop = new AtomicBoolean();
    var writer =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 1000; !stop.get(); i++) {
                namespace.write(document(i, "later"));
              }
            });
    JsonNode one;
    try {
      one = await(api, api.post(namespace.path() + "/backup", "{\"target\": \"nightly\"}"));
    } finally {
      stop.set(true);
      writer.join();
    }
    var two = await(api, api.post(namespace.path() + "/backup", "{\"target\": \"nightly\"}"));
    var three = await(api, api.post(namespace.path() + "/backup", "{\"target\": \"nightly\"}"));
    var before = answers(namespace);

    assertThat(one.path("files_copied").asInt()).isPositive();
    assertThat(two.path("files_copied").asInt()).isLessThan(two.path("files").asInt());
    assertThat(three.path("files_copied").asInt()).isZero();

    var restored = api.namespace("again");
    await(
        api, api.post(namespace.path() + "/restore", "{\"from\": \"nightly\", \"as\": \"again\"}"));
    assertThat(answers(restored)).isEqualTo(before);
    assertThat(restored.description().path("schema"))
        .isEqualTo(namespace.description().path("schema"));
    restored.write(document(5000, "afterwards"));
    assertThat(restored.find("{\"q\": \"afterwards\", \"mode\": \"keyword\"}")).hasSize(1);
    assertThat(namespace.find("{\"q\": \"afterwards\", \"mode\": \"keyword\"}")).isEmpty();

    await(
        api,
        api.post(
            namespace.path() + "/restore",
            "{\"from\": \"nightly\", \"backup\": %s, \"as\": \"first\"}"
                .formatted(one.path("backup"))));
    assertThat(
            api.namespace("first")
                .find("{\"q\": \"first\", \"mode\": \"keyword\", \"limit\": 1000}"))
        .hasSize(120);

    copy(SERVER.data().resolve("backups"), folder.resolve("there/backups"));
    var there = others.start(folder.resolve("there")).api();
    await(there, there.post("/v1/namespaces/loaded/restore", "{\"from\": \"nightly\"}"));
    assertThat(answers(there.namespace("loaded"))).isEqualTo(before);
    assertThat(there.get("/v1/namespaces/nightly/backups").require(200).json().path("backups"))
        .hasSize(3);
    var restarted = SERVER.killAndRestart();
    assertThat(restarted.get("/health").json().path("status").asString()).isEqualTo("ok");
    assertThat(answers(restarted.namespace("loaded"))).isEqualTo(before);
    assertThat(restarted.namespace("again").description().path("documents").asInt())
        .isEqualTo(restarted.namespace("loaded").description().path("documents").asInt() + 1);
  }

  @Test
  void aKillInTheMiddleLeavesNothingHalfAndTheTaskGoesOn() {
    var random = new Random(SEED);
    var namespace = SERVER.api().namespace("killed").createWithClientVectors(10);
    for (int i = 0; i < 60; i++) {
      namespace.write(document(i, "text"));
      if (i % 2 == 0) {
        namespace.seal();
      }
    }
    var before = answers(namespace);
    for (int round = 0; round < 2; round++) {
      var backup = SERVER.api().post("/v1/namespaces/killed/backup", "{}").require(202);
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(150)).toNanos());
      await(SERVER.killAndRestart(), backup);

      var as = "copy" + round;
      var restore =
          SERVER
              .api()
              .post("/v1/namespaces/killed/restore", "{\"as\": \"%s\"}".formatted(as))
              .require(202);
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(150)).toNanos());
      await(SERVER.killAndRestart(), restore);
      assertThat(answers(SERVER.api().namespace(as))).as("seed %d", SEED).isEqualTo(before);
    }
    assertThat(SERVER.data().resolve("shards").toFile().list((_, name) -> name.startsWith(".")))
        .isEmpty();
  }

  @Test
  void whatLeadsOutOfTheFolderOrOverANamespaceIsRefused() throws IOException {
    var api = SERVER.api();
    var namespace = api.namespace("films").createWithClientVectors(10);
    namespace.write(document(1, "text"));
    for (var target : List.of("../films", "/tmp/x", "a/b", "..", "", ".hidden", "A")) {
      assertThat(
              api.post(namespace.path() + "/backup", "{\"target\": \"%s\"}".formatted(target))
                  .require(422)
                  .body())
          .contains("/target");
      api.post(namespace.path() + "/restore", "{\"from\": \"%s\", \"as\": \"x\"}".formatted(target))
          .require(422);
    }
    api.post(namespace.path() + "/restore", "{\"as\": \"x\"}").require(404);
    api.post("/v1/namespaces/nowhere/backup", "{}").require(404);
    api.post(namespace.path() + "/backup", "{\"path\": \"x\"}").require(400);
    await(api, api.post(namespace.path() + "/backup", ""));
    api.post(namespace.path() + "/restore", "{}").require(409);
    api.post(namespace.path() + "/restore", "{\"as\": \"x\", \"backup\": \"none\"}").require(404);
    api.post(namespace.path() + "/restore", "{\"as\": \"Not A Name\"}").require(422);

    Path stored;
    try (var files = Files.list(SERVER.data().resolve("backups/films/files"))) {
      stored = files.findFirst().orElseThrow();
    }
    Files.write(stored, new byte[] {1, 2, 3});
    var task = api.post(namespace.path() + "/restore", "{\"as\": \"x\"}").require(202);
    var ended = ended(api, task);
    assertThat(ended.path("state").asString()).isEqualTo("failed");
    assertThat(ended.path("error").toString()).contains("damaged");
    api.get("/v1/namespaces/x").require(404);
  }

  private static JsonNode await(Api api, Answer accepted) {
    var task = ended(api, accepted.require(202));
    assertThat(task.path("state").asString()).as(task.toString()).isEqualTo("succeeded");
    return task.path("result");
  }

  private static JsonNode ended(Api api, Answer accepted) {
    var path = accepted.header("Location");
    Await.until(
        path + " has ended",
        LIMIT,
        () -> {
          var state = api.get(path).require(200).json().path("state").asString();
          return !state.equals("enqueued") && !state.equals("running");
        });
    return api.get(path).json();
  }

  private static String document(int i, String word) {
    return "{\"id\": \"d%d\", \"text\": \"word%d %s\", \"attributes\": {\"n\": %d}, \"vector\": %s}"
        .formatted(i, i, word, i, Vectors8.of(i));
  }

  /** Without the shards that hits come from, the one thing that may differ. */
  private static List<String> answers(NamespaceClient namespace) {
    var requests = new ArrayList<String>();
    requests.add("{\"q\": \"first text later\", \"mode\": \"keyword\", \"limit\": 1000}");
    for (int i = 0; i < 5; i++) {
      requests.add(
          "{\"vector\": %s, \"mode\": \"semantic\", \"limit\": 20}"
              .formatted(Vectors8.of(9000 + i)));
    }
    return requests.stream()
        .map(request -> namespace.search(request).path("hits").toString())
        .map(hits -> hits.replaceAll("\"shard_id\":(null|\"[a-z2-7]+\")", ""))
        .toList();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path each : paths.toList()) {
        var target = to.resolve(from.relativize(each));
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target);
        }
      }
    }
  }
}
