package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * {@code kill -9} under load. What was acknowledged is there afterwards, what was not sent is not,
 * and a request that was cut off has either happened as a whole or not at all.
 */
class CrashSafetyTest {
  private static final int ROUNDS = 10;
  private static final int WRITERS = 4;
  private static final int IDS_OF_A_WRITER = 60;
  private static final long SEED = System.nanoTime();
  private static final Duration LOAD_LIMIT = Duration.ofSeconds(30);

  @RegisterExtension static final OwnServer SERVER = new OwnServer();

  /** The state of one id: the number that its document has; absent ids have none. */
  private static final class Writer {
    private final int number;
    private final Random random;
    private final Map<String, Integer> acknowledged = new TreeMap<>();
    private Map<String, Integer> inFlight = Map.of();
    private int counter;

    Writer(int number) {
      this.number = number;
      this.random = new Random(SEED + number);
    }

    /** Writes until the server is gone. */
    void run(NamespaceClient namespace, AtomicInteger commits) {
      while (true) {
        var change = new TreeMap<String, Integer>();
        int size = 1 + random.nextInt(4);
        while (change.size() < size) {
          boolean delete = random.nextInt(4) == 0;
          change.put(id(random.nextInt(IDS_OF_A_WRITER)), delete ? -1 : ++counter);
        }
        inFlight = change;
        try {
          namespace
              .api()
              .sendOrFail(
                  "POST",
                  namespace.path() + "/documents",
                  BodyPublishers.ofString(request(change)),
                  "Content-Type",
                  "application/json")
              .require(200);
        } catch (IOException killed) {
          return;
        }
        apply(change);
        inFlight = Map.of();
        commits.incrementAndGet();
      }
    }

    private String id(int i) {
      return "w" + number + "-" + i;
    }

    private String request(Map<String, Integer> change) {
      var documents = new ArrayList<String>();
      var deletes = new ArrayList<String>();
      change.forEach((id, value) -> {
        if (value < 0) {
          deletes.add("\"" + id + "\"");
        } else {
          documents.add(
              "{\"id\": \"%s\", \"text\": \"value v%d of writer\", \"attributes\": {\"n\": %d}, \"vector\": %s}"
                  .formatted(id, value, value, vector()));
        }
      });
      return "{\"documents\": %s, \"deletes\": %s}".formatted(documents, deletes);
    }

    private String vector() {
      return random
          .doubles(8)
          .mapToObj(value -> String.format(Locale.ROOT, "%.4f", value + 0.01))
          .collect(Collectors.joining(",", "[", "]"));
    }

    private void apply(Map<String, Integer> change) {
      change.forEach((id, value) -> {
        if (value < 0) {
          acknowledged.remove(id);
        } else {
          acknowledged.put(id, value);
        }
      });
    }

    /** Compares with what a search found, and goes on from it. */
    void check(Map<String, Integer> found) {
      var mine = new TreeMap<>(found);
      mine.keySet().removeIf(id -> !id.startsWith("w" + number + "-"));
      var withLast = new TreeMap<>(acknowledged);
      inFlight.forEach((id, value) -> {
        if (value < 0) {
          withLast.remove(id);
        } else {
          withLast.put(id, value);
        }
      });
      if (!mine.equals(withLast)) {
        assertThat(mine)
            .as("writer %d, cut off at %s, seed %d", number, inFlight, SEED)
            .isEqualTo(acknowledged);
      }
      acknowledged.clear();
      acknowledged.putAll(mine);
      inFlight = Map.of();
    }
  }

  @Test
  void exactlyTheAcknowledgedSetIsFoundAfterTenKillsUnderLoad()
      throws InterruptedException, ExecutionException {
    var random = new Random(SEED);
    var writers = new ArrayList<Writer>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new Writer(i));
    }
    SERVER.api().namespace("crash").createWithClientVectors(100);

    for (int round = 0; round < ROUNDS; round++) {
      loadAndKill(writers, 100 + random.nextInt(300));
      var found = everything();
      writers.forEach(writer -> writer.check(found));
    }

    var kept = everything();
    assertThat(SERVER.api().namespace("crash").shards()).isNotEmpty();
    SERVER.killAndRestart();
    assertThat(everything()).as("after a second restart").isEqualTo(kept);
    SERVER.api().namespace("crash").seal();
    assertThat(everything()).as("after sealing").isEqualTo(kept);
    assertThat(SERVER.api().namespace("crash").description().path("unsealed").asLong(-1)).isZero();
    var api = SERVER.api();
    // What /health says of the log may be one round of the coordinator old.
    Await.until(
        "/health says that nothing is unsealed",
        LOAD_LIMIT,
        () -> api.get("/health").json().at("/log/unsealed").asLong(-1) == 0);
  }

  /**
   * Kills the server when it has acknowledged so many commits, while writers go on; and starts it.
   */
  private static void loadAndKill(List<Writer> writers, int commits)
      throws InterruptedException, ExecutionException {
    var acknowledged = new AtomicInteger();
    var namespace = SERVER.api().namespace("crash");
    try (var threads = Executors.newFixedThreadPool(WRITERS)) {
      var running = new ArrayList<Future<?>>();
      for (var writer : writers) {
        running.add(threads.submit(() -> writer.run(namespace, acknowledged)));
      }
      try {
        Await.until(
            commits + " commits",
            LOAD_LIMIT,
            () -> acknowledged.get() >= commits || running.stream().anyMatch(Future::isDone));
      } finally {
        SERVER.killAndRestart();
      }
      for (var each : running) {
        each.get();
      }
    }
  }

  private static Map<String, Integer> everything() {
    var namespace = SERVER.api().namespace("crash");
    var answer =
        namespace.search(
            """
            {"vector": [1, 1, 1, 1, 1, 1, 1, 1], "mode": "semantic", "exact": true, "limit": 1000,
             "fields": ["n", "text"]}
            """);
    assertThat(answer.at("/coverage/full").asBoolean()).isTrue();
    var found = new TreeMap<String, Integer>();
    for (JsonNode hit : answer.path("hits")) {
      int n = hit.at("/fields/n").asInt(-1);
      assertThat(hit.at("/fields/text").asString()).isEqualTo("value v" + n + " of writer");
      assertThat(found.put(hit.path("id").asString(), n)).as("found twice: %s", hit).isNull();
    }
    assertThat(namespace.description().path("documents").asInt()).isEqualTo(found.size());
    var byWord = namespace.find("{\"q\": \"writer\", \"mode\": \"keyword\", \"limit\": 1000}");
    assertThat(byWord).containsExactlyInAnyOrderElementsOf(found.keySet());
    return found;
  }

  @Test
  void textsThatTheServerEmbeddedSurviveAKillRightAfterTheReply() {
    var namespace = SERVER.api().namespace("texts");
    for (int i = 0; i < 10; i++) {
      namespace.write(
          "{\"id\": \"t%d\", \"title\": \"T\", \"text\": \"Orchard number%d grows apples.\"}"
              .formatted(i, i));
    }
    namespace.write(
        "{\"id\": \"t3\", \"title\": \"T\", \"text\": \"The submarine dives under the ice.\"}");
    namespace.deleteAll("t4");

    var restarted = SERVER.killAndRestart().namespace("texts");

    assertThat(restarted.find("{\"q\": \"orchard\", \"mode\": \"keyword\", \"limit\": 20}"))
        .containsExactlyInAnyOrder("t0", "t1", "t2", "t5", "t6", "t7", "t8", "t9");
    assertThat(restarted.find("{\"q\": \"a vessel below frozen water\", \"mode\": \"semantic\"}"))
        .first()
        .isEqualTo("t3");
    assertThat(restarted.find("{\"q\": \"fruit trees\", \"mode\": \"semantic\", \"limit\": 20}"))
        .hasSize(9)
        .doesNotContain("t4");
  }
}
