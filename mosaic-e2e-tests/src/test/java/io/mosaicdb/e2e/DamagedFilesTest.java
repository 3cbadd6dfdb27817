package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files beside the shards, damaged by hand: what is said of them, who still answers, what heals.
 */
class DamagedFilesTest {
  private static final Duration NOTICED = Duration.ofSeconds(30);
  private static final String COMMON = "{\"q\": \"common\", \"mode\": \"keyword\", \"limit\": 100}";

  @TempDir Path folder;
  @RegisterExtension final Servers servers = new Servers();

  @Test
  void everyDamageIsSaidAndHeals() throws IOException {
    var server = servers.start(folder.resolve("data"));
    for (String name : List.of("kept", "other")) {
      var namespace = server.api().namespace(name).createWithClientVectors(100);
      namespace.write(document(1), document(2));
      namespace.seal();
      namespace.write(document(3));
    }
    assertThat(server.api().put("/v1/aliases/also", "{\"namespace\": \"kept\"}").status())
        .isIn(200, 201);

    definitionsAreMendedWhileTheyAreServed(server);
    server = aDefinitionThatIsLostIsNoNewNamespace(server);
    server = writesWaitUntilTheLogIsBack(server);
    databasesAreBegunAnewAndSaySo(server);
  }

  private void definitionsAreMendedWhileTheyAreServed(MosaicServer server) throws IOException {
    var definition = shards("kept/namespace.json");
    var aliases = shards("aliases.json");
    var whole = List.of(Files.readString(definition), Files.readString(aliases));

    Files.delete(definition);
    Files.writeString(aliases, whole.get(1).replace("kept", "kepp"));

    Await.until(
        "what was damaged is written again, and health says so",
        NOTICED,
        () -> {
          var storage = server.api().get("/health").json().at("/components/storage");
          var recovered = storage.path("recovered").toString();
          return recovered.contains("namespace.json of kept") && recovered.contains("aliases.json");
        });
    assertThat(List.of(Files.readString(definition), Files.readString(aliases))).isEqualTo(whole);
    assertThat(server.api().namespace("also").find(COMMON)).hasSize(3);
  }

  private MosaicServer aDefinitionThatIsLostIsNoNewNamespace(MosaicServer before)
      throws IOException {
    before.stop();
    var lost = new ArrayList<Path>();
    for (String name : List.of("namespace.json", "namespace.json.sha256", "namespace.json.copy")) {
      lost.add(shards("kept/" + name));
      Files.move(lost.getLast(), folder.resolve(name));
    }

    var server = servers.start(folder.resolve("data"));

    var health = server.api().get("/health").require(200).json();
    assertThat(health.path("status").asString()).isEqualTo("degraded");
    assertThat(health.at("/components/storage/detail").asString()).contains("kept", "missing");
    assertThat(server.api().namespace("other").find(COMMON)).hasSize(3);
    assertThat(server.api().get("/v1/namespaces/kept").require(503).body()).contains("missing");
    server
        .api()
        .put("/v1/namespaces/kept", NamespaceClient.CLIENT_VECTORS.formatted(100))
        .require(503);

    for (Path each : lost) {
      Files.move(folder.resolve(each.getFileName()), each);
    }

    awaitWell(server);
    assertThat(server.api().namespace("kept").find(COMMON)).hasSize(3);
    assertThat(server.api().namespace("also").find(COMMON)).hasSize(3);
    return server;
  }

  private MosaicServer writesWaitUntilTheLogIsBack(MosaicServer before) throws IOException {
    before.stop();
    var log = newest(shards("kept/0/log"));
    var aside = folder.resolve("log.db");
    Files.move(log, aside);

    var server = servers.start(folder.resolve("data"));

    var kept = server.api().namespace("kept");
    var answer = kept.search(COMMON);
    assertThat(answer.path("hits").size()).isEqualTo(2);
    assertThat(answer.at("/coverage/full").asBoolean()).isFalse();
    assertThat(kept.document("d3").status()).isEqualTo(503);
    assertThat(kept.document("d1").status()).isEqualTo(200);
    var refused =
        server.api().post(kept.path() + "/documents", "{\"documents\": [" + document(4) + "]}");
    assertThat(refused.body()).contains("acknowledged writes are lost");
    assertThat(server.api().get("/health").body()).contains("acknowledged writes are lost");
    server.api().namespace("other").write(document(4));

    Files.move(aside, log);

    awaitWell(server);
    kept.write(document(4));
    assertThat(kept.find(COMMON)).containsExactlyInAnyOrder("d1", "d2", "d3", "d4");
    return server;
  }

  private void databasesAreBegunAnewAndSaySo(MosaicServer before) throws IOException {
    before.stop();
    var tasks = find("tasks.db");
    Files.writeString(tasks, "no database ".repeat(1_000));
    var routing = find("routing.db");
    Files.writeString(routing, "");

    var server = servers.start(folder.resolve("data"));

    var state = server.api().get("/health").require(200).json().at("/components/tasks");
    assertThat(state.path("status").asString()).isEqualTo("degraded");
    assertThat(state.path("detail").asString()).contains("may be lost", "tasks.db");
    assertThat(server.api().namespace("kept").find(COMMON)).hasSize(4);
    // What was written lately may still be in its log.
    var log = routing.resolveSibling("routing.db-wal");
    Await.until(
        "the routing database is there", NOTICED, () -> size(routing) > 4096 || size(log) > 4096);
    server.api().get("/v1/tasks").require(200);
  }

  private void awaitWell(MosaicServer server) {
    Await.until(
        "/health is ok again",
        NOTICED,
        () -> server.api().get("/health").json().path("status").asString().equals("ok"));
  }

  private Path shards(String path) {
    return folder.resolve("data/shards").resolve(path);
  }

  private Path find(String name) throws IOException {
    try (var files = Files.walk(folder.resolve("data"))) {
      return files
          .filter(each -> each.getFileName().toString().equals(name))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Path newest(Path log) throws IOException {
    try (var files = Files.list(log)) {
      return files
          .filter(each -> each.toString().endsWith(".db"))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private static String document(int i) {
    return "{\"id\": \"d%d\", \"text\": \"word%d common\", \"vector\": %s}"
        .formatted(i, i, Vectors8.of(i));
  }
}
