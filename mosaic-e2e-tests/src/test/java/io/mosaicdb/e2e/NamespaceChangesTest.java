package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What of a namespace changes at once, and what is refused because it is built into shards. */
@ExtendWith(SharedServer.class)
class NamespaceChangesTest {
  private static final String WORDS_ONLY =
      """
      {"schema": {"fields": {"title": {"type": "text"}, "text": {"type": "text", "weight": 1.0}},
                  "attributes": {"year": {"type": "integer"}},
                  "vector": {"source": "none"}},
       "settings": {"shard_documents": 1000, "seal_age": "1h"}}
      """;
  private static final String LAMP = "{\"q\": \"lamp\"}";
  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;
  private final Api api;

  NamespaceChangesTest(Api api) {
    this.api = api;
  }

  private static Answer change(NamespaceClient namespace, String json) {
    return namespace.api().patch(namespace.path(), json);
  }

  private static void writeLamps(NamespaceClient namespace) {
    namespace.write(
        "{\"id\": \"by-title\", \"title\": \"lamp\", \"text\": \"a thing on a desk\"}",
        "{\"id\": \"by-text\", \"title\": \"thing\", \"text\": \"a lamp, a lamp and a lamp\"}");
  }

  @Test
  void weightsOfFieldsChangeTheOrderAtOnceAndOutliveARestart() {
    var server = servers.start(folder.resolve("data"));
    var namespace = server.api().namespace("weights").create(WORDS_ONLY);
    writeLamps(namespace);
    namespace.seal();
    namespace.write("{\"id\": \"live\", \"title\": \"lamp\", \"text\": \"lamp\"}");
    assertThat(namespace.find(LAMP)).containsExactly("live", "by-title", "by-text");

    var changed =
        change(namespace, "{\"settings\": {\"field_weights\": {\"title\": 0.01, \"text\": 9}}}")
            .require(200)
            .json();
    assertThat(changed.at("/settings/field_weights/text").asDouble()).isEqualTo(9.0);
    assertThat(changed.at("/schema/fields/title/weight").asDouble()).isEqualTo(3.0);
    assertThat(namespace.find(LAMP).getLast()).isEqualTo("by-title");
    assertThat(
            namespace.find(
                "{\"q\": \"lamp\", \"words\": {\"field_weights\": {\"title\": 9, \"text\": 0.01}}}"))
        .as("the request's weights go before")
        .containsExactly("live", "by-title", "by-text");

    server.kill();
    var again = servers.start(folder.resolve("data")).api().namespace("weights");
    assertThat(again.find(LAMP).getLast()).isEqualTo("by-title");
    change(again, "{\"settings\": {\"field_weights\": {\"title\": null, \"text\": null}}}")
        .require(200);
    assertThat(again.find(LAMP)).containsExactly("live", "by-title", "by-text");
  }

  @Test
  void attributesJoinAndDocumentsAreSealedByTheNewSize() {
    var namespace = api.namespace("joining").create(WORDS_ONLY);
    writeLamps(namespace);
    var changed =
        change(
                namespace,
                """
                {"schema": {"attributes": {"color": {"type": "string"},
                                           "year": {"type": "integer", "filterable": true}}},
                 "settings": {"shard_documents": 5, "seal_age": "30m", "retain_generations": "7d"}}
                """)
            .require(200)
            .json();
    assertThat(changed.at("/schema/attributes/color/type").asString()).isEqualTo("string");
    assertThat(changed.at("/settings/shard_documents").asInt()).isEqualTo(5);
    assertThat(changed.at("/settings/retain_generations").asString()).isEqualTo("PT168H");
    assertThat(changed.at("/settings/partitions").asInt()).isEqualTo(1);

    namespace.write(
        IntStream.range(0, 6)
            .mapToObj(i ->
                "{\"id\": \"c%d\", \"text\": \"lamp\", \"attributes\": {\"color\": \"red\"}}"
                    .formatted(i))
            .toArray(String[]::new));
    assertThat(
            namespace.find(
                "{\"q\": \"lamp\", \"filter\": {\"field\": \"color\", \"op\": \"eq\", \"value\": \"red\"}}"))
        .hasSize(6);
    Await.until(
        "documents are sealed", Duration.ofSeconds(30), () -> !namespace.shards().isEmpty());
    assertThat(namespace.find("{\"q\": \"lamp\"}")).hasSize(8);
  }

  @Test
  void documentsExpireByTheirAttributeUntilThatEnds() {
    var server = servers.start(folder.resolve("data"), "--mosaic.worker.expiry.interval=100ms");
    var namespace = server.api().namespace("expiring").create(WORDS_ONLY);
    for (var refused :
        new String[] {
          "{\"ttl\": {\"field\": \"year\"}}", "{\"ttl\": {\"field\": \"until\"}}", "{\"ttl\": {}}"
        }) {
      var answer = change(namespace, "{\"settings\": " + refused + "}").require(422).json();
      assertThat(answer.at("/errors/0/pointer").asString()).isEqualTo("/settings/ttl/field");
    }
    change(
            namespace,
            """
            {"schema": {"attributes": {"until": {"type": "datetime"}}},
             "settings": {"ttl": {"field": "until", "after": "1h"}}}
            """)
        .require(200);
    namespace.write(
        "{\"id\": \"over\", \"text\": \"lamp\", \"attributes\": {\"until\": \"2001-01-01T00:00:00Z\"}}",
        "{\"id\": \"ever\", \"text\": \"lamp\"}",
        "{\"id\": \"long\", \"text\": \"lamp\", \"attributes\": {\"until\": \"2999-01-01T00:00:00Z\"}}");

    Await.until(
        "it has expired", Duration.ofSeconds(30), () -> namespace.document("over").status() == 404);

    assertThat(namespace.find(LAMP)).containsExactlyInAnyOrder("ever", "long");
    assertThat(namespace.description().path("documents").asInt()).isEqualTo(2);
    assertThat(namespace.description().at("/settings/ttl/field").asString()).isEqualTo("until");
    var unfilterable = "{\"schema\": {\"attributes\": {\"until\": {\"filterable\": false}}}}";
    change(namespace, unfilterable).require(422);
    server.kill();
    var again =
        servers
            .start(folder.resolve("data"), "--mosaic.worker.expiry.interval=100ms")
            .api()
            .namespace("expiring");
    again.write(
        "{\"id\": \"over\", \"text\": \"lamp\", \"attributes\": {\"until\": \"2001-01-01T00:00:00Z\"}}");
    Await.until(
        "it expires after a restart",
        Duration.ofSeconds(30),
        () -> !again.find(LAMP).contains("over"));
    change(again, "{\"settings\": {\"ttl\": {\"enabled\": false}}}").require(200);
    assertThat(again.description().at("/settings/ttl").isObject()).isFalse();
  }

  @Test
  void synonymsWorkAtOnceAndOutliveARestart() {
    var server = servers.start(folder.resolve("data"));
    var namespace = server.api().namespace("synonyms").create(WORDS_ONLY);
    writeLamps(namespace);
    namespace.seal();
    namespace.write("{\"id\": \"live\", \"text\": \"a lantern\"}");
    assertThat(namespace.find("{\"q\": \"lantern\"}")).containsExactly("live");

    change(namespace, "{\"schema\": {\"fields\": {\"text\": {\"synonyms\": [\"lamp, lantern\"]}}}}")
        .require(200);

    assertThat(namespace.find("{\"q\": \"lantern\"}")).containsExactlyInAnyOrder("live", "by-text");
    server.kill();
    var again = servers.start(folder.resolve("data")).api().namespace("synonyms");
    assertThat(again.find("{\"q\": \"lantern\"}")).containsExactlyInAnyOrder("live", "by-text");
    change(again, "{\"schema\": {\"fields\": {\"text\": {\"synonyms\": []}}}}").require(200);
    assertThat(again.find("{\"q\": \"lantern\"}")).containsExactly("live");
  }

  @Test
  void whatIsBuiltIntoShardsIsRefusedAndNothingChanges() {
    var namespace = api.namespace("built").create(WORDS_ONLY);
    var before = namespace.description();
    for (var refused :
        new String[][] {
          {"{\"schema\": {\"fields\": {\"text\": null}}}", "/schema/fields/text"},
          {
            "{\"schema\": {\"attributes\": {\"year\": {\"type\": \"string\"}}}}",
            "/schema/attributes/year/type"
          },
          {
            "{\"schema\": {\"vector\": {\"source\": \"client\", \"dimensions\": 8}}}",
            "/schema/vector/source"
          },
          {"{\"settings\": {\"shard_documents\": 7, \"partitions\": 2}}", "/settings/partitions"}
        }) {
      var answer = change(namespace, refused[0]).require(409).json();
      assertThat(answer.path("code").asString()).isEqualTo("schema_conflict");
      assertThat(answer.at("/errors/0/pointer").asString()).isEqualTo(refused[1]);
    }
    for (var wrong :
        new String[][] {
          {"{\"settings\": {\"shard_documents\": 0}}", "/settings/shard_documents"},
          {"{\"settings\": {\"seal_age\": \"soon\"}}", "/settings/seal_age"},
          {
            "{\"settings\": {\"field_weights\": {\"nothing\": 1}}}",
            "/settings/field_weights/nothing"
          },
          {"{\"settings\": {\"field_weights\": {\"text\": -1}}}", "/settings/field_weights"},
          {
            "{\"schema\": {\"attributes\": {\"x\": {\"type\": \"color\"}}}}",
            "/schema/attributes/x/type"
          }
        }) {
      var answer = change(namespace, wrong[0]).require(422).json();
      assertThat(answer.at("/errors/0/pointer").asString()).isEqualTo(wrong[1]);
    }
    assertThat(
            change(namespace, "{\"schema\": {\"fields\": {\"text\": {\"language\": \"xx\"}}}}")
                .require(400)
                .json()
                .path("code")
                .asString())
        .isEqualTo("unknown_language");
    change(namespace, "{\"setings\": {}}").require(400);
    change(api.namespace("not-there"), "{}").require(404);
    assertThat(namespace.description()).isEqualTo(before);
    change(namespace, "{}").require(200);
  }
}
