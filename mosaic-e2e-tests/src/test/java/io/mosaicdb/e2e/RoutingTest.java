package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Five shards of one topic each: which are searched, which are counted, which are kept hot. */
class RoutingTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int TOPICS = 5;
  private static final int DOCUMENTS = 10;
  private static final String[] SETTINGS = {
    "--mosaic.coordinator.routing.interval=300ms", "--mosaic.worker.hot-shards=2"
  };
  @TempDir Path folder;
  @RegisterExtension final Servers servers = new Servers();
  private final List<String> shardOfTopic = new ArrayList<>();

  @Test
  void searchesTheShardsThatMatterAndRemembersWhichTheyWere() throws Exception {
    var server = servers.start(folder.resolve("data"), SETTINGS);
    var namespace = server.api().namespace("topics").createWithClientVectors(1000);
    for (int topic = 0; topic < TOPICS; topic++) {
      addTopic(namespace, topic);
    }

    assertRoutesByCentroid(namespace);
    assertRoutesByWords(namespace);
    assertCounts(namespace);
    assertMirrored(namespace);
    assertARareWordLeavesOneShardOfFifty(server.api());

    server.kill();
    server = servers.start(folder.resolve("data"), SETTINGS);
    namespace = server.api().namespace("topics");
    var again = namespace;
    Await.until("the hot shards are hot again", LIMIT, () -> hot(again).equals(hotTopics()));
    assertThat(queries(namespace).get(shardOfTopic.get(2))).isGreaterThanOrEqualTo(20);
  }

  private void addTopic(NamespaceClient namespace, int topic) {
    var documents = new String[DOCUMENTS];
    for (int i = 0; i < DOCUMENTS; i++) {
      documents[i] =
          "{\"id\": \"t%d-%d\", \"text\": \"common words of subject%d\", \"vector\": %s}"
              .formatted(topic, i, topic, Arrays.toString(vector(topic, i)));
    }
    namespace.write(documents);
    for (var shard : namespace.seal()) {
      var id = shard.path("shard_id").asString();
      if (!shardOfTopic.contains(id)) {
        shardOfTopic.add(id);
      }
    }
    assertThat(shardOfTopic).hasSize(topic + 1);
  }

  private static float[] vector(int topic, int i) {
    var vector = new float[8];
    vector[topic] = 1;
    vector[5 + i % 3] = 0.05f * i;
    return vector;
  }

  private static String near(int topic, String more) {
    return "{\"vector\": %s, \"mode\": \"semantic\"%s}"
        .formatted(Arrays.toString(vector(topic, 0)), more);
  }

  private static Map<String, String> states(JsonNode answer) {
    var states = new TreeMap<String, String>();
    answer
        .path("routing")
        .forEach(
            each -> states.put(each.path("shard_id").asString(), each.path("state").asString()));
    return states;
  }

  private Map<String, String> onlySearched(int topic) {
    var states = new TreeMap<String, String>();
    for (int t = 0; t < TOPICS; t++) {
      states.put(shardOfTopic.get(t), t == topic ? "searched" : "pruned");
    }
    return states;
  }

  private void assertRoutesByCentroid(NamespaceClient namespace) {
    var all = namespace.search(near(2, ", \"explain\": true"));
    assertThat(states(all).values()).containsOnly("searched");
    var routed =
        namespace.search(near(2, ", \"explain\": true, \"routing\": {\"min_similarity\": 0.8}"));
    assertThat(states(routed)).isEqualTo(onlySearched(2));
    assertThat(routed.at("/coverage/shards/pruned").asInt()).isEqualTo(TOPICS - 1);
    assertThat(routed.at("/coverage/full").asBoolean()).isTrue();
    assertThat(routed.path("hits").toString()).contains("t2-0").doesNotContain("t1-");
    for (var each : routed.path("routing")) {
      if (each.path("state").asString().equals("pruned")) {
        assertThat(each.path("reason").asString()).contains("centroid similarity");
      }
    }

    var none = namespace.search(near(2, ", \"routing\": {\"min_similarity\": 1.0}"));
    assertThat(none.path("hits").size()).isZero();
    assertThat(none.at("/coverage/degraded/0/code").asString()).isEqualTo("nothing_searched");
  }

  private void assertRoutesByWords(NamespaceClient namespace) {
    var rare = namespace.search("{\"q\": \"subject3\", \"mode\": \"keyword\", \"explain\": true}");
    assertThat(states(rare)).isEqualTo(onlySearched(3));
    assertThat(rare.at("/total/value").asInt()).isEqualTo(DOCUMENTS);
    assertThat(rare.at("/total/relation").asString()).isEqualTo("eq");
    assertThat(rare.path("hits").size()).isEqualTo(DOCUMENTS);

    var both =
        "{\"q\": \"subject3\", \"vector\": %s, \"limit\": 10%s}"
            .formatted(Arrays.toString(vector(3, 0)), "%s");
    var everywhere = namespace.search(both.formatted(", \"explain\": true"));
    assertThat(states(everywhere).values()).containsOnly("searched");
    var there =
        namespace.search(
            both.formatted(", \"explain\": true, \"routing\": {\"require_words\": true}"));
    assertThat(states(there)).isEqualTo(onlySearched(3));
    assertThat(namespace.find(both.formatted(", \"routing\": {\"require_words\": true}")))
        .isEqualTo(namespace.find(both.formatted("")));
  }

  private static void assertARareWordLeavesOneShardOfFifty(Api api) {
    // Two documents a shard, in the order of their ids.
    var namespace = api.namespace("rare").createWithClientVectors(2);
    var documents = new String[100];
    for (int i = 0; i < documents.length; i++) {
      documents[i] =
          "{\"id\": \"d%d-%d\", \"text\": \"common words%s\", \"vector\": %s}"
              .formatted(
                  i / 2,
                  i % 2,
                  i / 2 == 17 ? " and heliotrope" : "",
                  Vectors8.of(i / 2 == 17 ? 1_000 : i));
    }
    namespace.write(documents);
    assertThat(namespace.seal()).hasSize(50);
    var request = "{\"q\": \"%s\", \"vector\": " + Vectors8.of(1_000) + ", \"limit\": 2%s}";
    var everywhere =
        namespace.search(request.formatted("heliotrope", ", \"explain\": true")).path("hits");

    for (var routed :
        List.of(
            request.formatted(
                "heliotrope", ", \"explain\": true, \"routing\": {\"require_words\": true}"),
            request.formatted("+heliotrope", ", \"explain\": true"))) {
      var answer = namespace.search(routed);
      assertThat(answer.path("routing").valueStream())
          .filteredOn(each -> each.path("state").asString().equals("searched"))
          .hasSize(1);
      assertThat(answer.at("/coverage/shards/pruned").asInt()).isEqualTo(49);
      assertThat(answer.at("/coverage/full").asBoolean()).isTrue();
      assertThat(answer.path("hits").valueStream().map(RoutingTest::found))
          .containsExactlyElementsOf(everywhere.valueStream().map(RoutingTest::found).toList())
          .first()
          .asString()
          .isEqualTo("d17-0");
    }
  }

  private static String found(JsonNode hit) {
    return hit.path("id").asString();
  }

  private void assertCounts(NamespaceClient namespace) {
    var before = queries(namespace);
    for (int i = 0; i < 20; i++) {
      namespace.search(near(2, ", \"routing\": {\"min_similarity\": 0.8}"));
    }
    for (int i = 0; i < 10; i++) {
      namespace.search(
          near(4, ", \"limit\": %d, \"routing\": {\"min_similarity\": 0.8}".formatted(i + 1)));
    }
    var after = queries(namespace);

    for (int topic = 0; topic < TOPICS; topic++) {
      var shard = shardOfTopic.get(topic);
      assertThat(after.getOrDefault(shard, 0L) - before.getOrDefault(shard, 0L))
          .isEqualTo(topic == 2 ? 20 : topic == 4 ? 10 : 0);
    }
    Await.until("the two most searched are hot", LIMIT, () -> hot(namespace).equals(hotTopics()));
  }

  private List<String> hotTopics() {
    return List.of(shardOfTopic.get(2), shardOfTopic.get(4)).stream().sorted().toList();
  }

  private static List<String> hot(NamespaceClient namespace) {
    return namespace
        .shards()
        .valueStream()
        .filter(shard -> shard.path("hot").asBoolean())
        .map(shard -> shard.path("shard_id").asString())
        .sorted()
        .toList();
  }

  private static Map<String, Long> queries(NamespaceClient namespace) {
    var queries = new TreeMap<String, Long>();
    namespace
        .shards()
        .forEach(shard ->
            queries.put(shard.path("shard_id").asString(), shard.path("queries").asLong()));
    return queries;
  }

  /** The database says what the workers say, and is made anew when it is deleted. */
  private void assertMirrored(NamespaceClient namespace) throws IOException, SQLException {
    var file = folder.resolve("data/routing/routing.db");
    Await.until(
        "the routing database has the counts", LIMIT, () -> mirrored(file, queries(namespace)));
    assertCentroids(file);

    Files.delete(file);

    Await.until(
        "the routing database is there again",
        LIMIT,
        () -> Files.exists(file) && mirrored(file, queries(namespace)));
    Await.until("the centroids are there again", LIMIT, () -> count(file, "centroids") == TOPICS);
    assertCentroids(file);
  }

  private static Connection open(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  private static boolean mirrored(Path file, Map<String, Long> expected) {
    var found = new TreeMap<String, Long>();
    try (var connection = open(file);
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT shard_id, queries FROM shards WHERE path LIKE 'topics/%' AND documents = "
                    + DOCUMENTS
                    + " AND status = 'active' AND length(term_filter) > 16")) {
      while (rows.next()) {
        found.put(rows.getString(1), rows.getLong(2));
      }
    } catch (SQLException e) {
      return false;
    }
    return found.equals(expected);
  }

  private static int count(Path file, String table) {
    try (var connection = open(file);
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      return rows.next() ? rows.getInt(1) : 0;
    } catch (SQLException e) {
      return 0;
    }
  }

  /** Each is the mean of its shard's vectors, scaled to length one as they are indexed. */
  private void assertCentroids(Path file) throws SQLException {
    try (var connection = open(file);
        var query =
            connection.prepareStatement("SELECT vector, norm FROM centroids WHERE shard_id = ?")) {
      for (int topic = 0; topic < TOPICS; topic++) {
        var mean = new double[8];
        for (int i = 0; i < DOCUMENTS; i++) {
          var vector = vector(topic, i);
          double length = 0;
          for (float value : vector) {
            length += value * value;
          }
          for (int d = 0; d < 8; d++) {
            mean[d] += vector[d] / Math.sqrt(length) / DOCUMENTS;
          }
        }
        query.setString(1, shardOfTopic.get(topic));
        try (var rows = query.executeQuery()) {
          assertThat(rows.next()).isTrue();
          var stored = ByteBuffer.wrap(rows.getBytes(1)).order(ByteOrder.LITTLE_ENDIAN);
          double squares = 0;
          for (double expected : mean) {
            float value = stored.getFloat();
            assertThat((double) value)
                .isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-5));
            squares += value * value;
          }
          assertThat(rows.getDouble(2))
              .isCloseTo(Math.sqrt(squares), org.assertj.core.data.Offset.offset(1e-5));
        }
      }
    }
  }
}
