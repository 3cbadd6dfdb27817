package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The data folder in an operator's hands: filled, moved, damaged, restored. */
class ShardsOnDiskTest {
  private static final Duration NOTICED = Duration.ofSeconds(20);
  @TempDir Path folder;
  @RegisterExtension final Servers servers = new Servers();

  @Test
  void shardsHaveTheirSizeAndSurviveAMoveAndDamage() throws IOException {
    var server = servers.start(folder.resolve("data"));
    var namespace = server.api().namespace("sizes").createWithClientVectors(100);
    for (int i = 0; i < 250; i++) {
      namespace.write(document(i));
    }

    namespace.seal();

    assertThat(
            namespace.shards().valueStream().map(shard -> shard.path("documents").asInt()).toList())
        .containsExactly(100, 100, 50);
    var before = answers(namespace);

    server.stop();
    Files.move(folder.resolve("data"), folder.resolve("moved"));
    server = servers.start(folder.resolve("moved"));
    namespace = server.api().namespace("sizes");

    assertThat(answers(namespace)).isEqualTo(before);

    damagedShardIsNamedAndHeals(server, before);
  }

  private void damagedShardIsNamedAndHeals(MosaicServer server, List<String> before)
      throws IOException {
    var namespace = server.api().namespace("sizes");
    var victim = namespace.shards().get(1);
    var file = folder.resolve("moved/shards").resolve(victim.path("path").asString());
    var id = victim.path("shard_id").asString();
    var whole = Files.readAllBytes(file);
    var broken = whole.clone();
    for (int i = 0; i < broken.length; i += 97) {
      broken[i] ^= 0x5a;
    }
    Files.write(file, broken);

    Await.until(
        "/health names the damaged shard",
        NOTICED,
        () -> server.api().get("/health").body().contains(id));
    var health = server.api().get("/health").require(200).json();
    assertThat(health.path("status").asString()).isEqualTo("degraded");
    assertThat(health.at("/components/storage/status").asString()).isEqualTo("degraded");
    var answer = namespace.search("{\"q\": \"common\", \"mode\": \"keyword\", \"limit\": 1000}");
    assertThat(answer.path("hits").size()).isEqualTo(150);
    assertThat(answer.at("/coverage/full").asBoolean()).isFalse();
    assertThat(answer.path("coverage").toString()).contains(id);
    assertThat(
            namespace.shards().valueStream().map(shard -> shard.path("status").asString()).toList())
        .filteredOn("active"::equals)
        .hasSize(2);
    server
        .api()
        .post(
            namespace.path() + "/search",
            "{\"q\": \"common\", \"mode\": \"keyword\", \"allow_partial\": false}")
        .require(503);

    Files.write(file, whole);

    Await.until(
        "/health is ok again",
        NOTICED,
        () -> server.api().get("/health").json().path("status").asString().equals("ok"));
    assertThat(answers(namespace)).isEqualTo(before);
  }

  private static String document(int i) {
    return "{\"id\": \"d%d\", \"text\": \"word%d common\", \"attributes\": {\"n\": %d}, \"vector\": %s}"
        .formatted(i, i, i, Vectors8.of(i));
  }

  /** Ids and scores, without what differs from one search to the next. */
  private static List<String> answers(NamespaceClient namespace) {
    var requests =
        new ArrayList<>(
            List.of(
                "{\"q\": \"common\", \"mode\": \"keyword\", \"limit\": 1000}",
                "{\"q\": \"word17 word180\", \"vector\": %s}".formatted(Vectors8.of(5000)),
                "{\"q\": \"common\", \"mode\": \"keyword\", \"filter\": {\"field\": \"n\", \"op\": \"gte\", \"value\": 240}}"));
    IntStream.range(0, 5)
        .mapToObj(i -> "{\"vector\": %s, \"mode\": \"semantic\"}".formatted(Vectors8.of(9000 + i)))
        .forEach(requests::add);
    return requests.stream()
        .map(request -> namespace.search(request).path("hits").toString())
        .toList();
  }
}
