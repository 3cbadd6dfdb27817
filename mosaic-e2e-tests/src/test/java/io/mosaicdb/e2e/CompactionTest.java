package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Shards are merged by themselves and on request, and nobody notices but the disk. */
class CompactionTest {
  private static final Duration NOTICED = Duration.ofSeconds(60);
  private static final long SEED = System.nanoTime();
  private static final String OFTEN = "--mosaic.worker.compaction.interval=500ms";

  @TempDir Path folder;
  @RegisterExtension final Servers servers = new Servers();

  @Test
  void aHundredAndOneTinyShardsBecomeFewUnprompted() {
    var data = folder.resolve("data");
    var server = servers.start(data, OFTEN);
    var namespace = server.api().namespace("tiny").createWithClientVectors(1000);
    for (int i = 0; i < 100; i++) {
      namespace.write(document(i));
      namespace.seal();
    }
    assertThat(namespace.shards().size()).isEqualTo(100);
    namespace.write(document(100));
    namespace.deleteAll("d7");
    var before = answers(namespace);

    namespace.seal();

    Await.until("the count falls", NOTICED, () -> namespace.shards().size() < 10);
    assertThat(answers(namespace)).isEqualTo(before);
    assertThat(namespace.description().path("documents").asInt()).isEqualTo(100);
    var compaction = server.api().get(namespace.path() + "/shards").json().at("/compaction/0");
    assertThat(compaction.path("runs").asInt()).isEqualTo(1);
    assertThat(compaction.path("merged").asInt()).isGreaterThan(90);
    assertThat(server.api().get("/health").json().at("/components/compaction/status").asString())
        .isEqualTo("ok");
    server.kill();
    assertThat(answers(servers.start(data).api().namespace("tiny"))).isEqualTo(before);
  }

  @Test
  void aKillInTheMiddleOfAMergeLosesNothing() {
    var random = new Random(SEED);
    var data = folder.resolve("data");
    var server = servers.start(data);
    server.api().namespace("killed").createWithClientVectors(10);
    int next = 0;
    List<String> before = List.of();
    for (int round = 0; round < 4; round++) {
      var namespace = server.api().namespace("killed");
      for (int i = 0; i < 12; i++) {
        namespace.write(document(next++), document(next++), document(next % 5));
        namespace.seal();
      }
      before = answers(namespace);
      server.api().post(namespace.path() + "/compact", "{\"scope\": \"all\"}").require(202);
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(250)).toNanos());
      server.kill();
      server = servers.start(data);
      assertThat(answers(server.api().namespace("killed")))
          .as("round %d, seed %d", round, SEED)
          .isEqualTo(before);
      assertThat(server.api().get("/health").json().at("/components/storage/status").asString())
          .isEqualTo("ok");
    }

    var namespace = server.api().namespace("killed");
    var task =
        server.api().post(namespace.path() + "/compact", "{\"scope\": \"all\"}").require(202);
    var path = task.header("Location");
    var api = server.api();
    Await.until(
        "the task has succeeded",
        NOTICED,
        () -> api.get(path).require(200).json().path("state").asString().equals("succeeded"));
    assertThat(api.get(path).json().at("/result/made").asInt()).isPositive();
    assertThat(answers(namespace)).isEqualTo(before);
  }

  @Test
  @ExtendWith(SharedServer.class)
  void whatCannotBeCompactedIsRefused(Api api) {
    var namespace = api.namespace("not-compacted").createWithClientVectors(10);

    assertThat(api.post(namespace.path() + "/compact", "{\"scope\": \"some\"}").require(422).body())
        .contains("small or all")
        .contains("some");
    api.post(namespace.path() + "/compact", "{\"all\": true}").require(400);
    api.post("/v1/namespaces/nowhere/compact", "{}").require(404);
  }

  private static String document(int i) {
    return "{\"id\": \"d%d\", \"text\": \"word%d common\", \"attributes\": {\"n\": %d}, \"vector\": %s}"
        .formatted(i, i, i, Vectors8.of(i));
  }

  /** Without the shards that hits come from, the one thing that may differ. */
  private static List<String> answers(NamespaceClient namespace) {
    var requests = new ArrayList<String>();
    requests.add("{\"q\": \"common\", \"mode\": \"keyword\", \"limit\": 1000}");
    requests.add("{\"q\": \"word17 word33\", \"mode\": \"keyword\"}");
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
}
