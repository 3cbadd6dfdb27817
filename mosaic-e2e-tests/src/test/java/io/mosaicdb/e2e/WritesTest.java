package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(SharedServer.class)
class WritesTest {
  private static final String WORDS_ONLY =
      """
      {"schema": {"fields": {"title": {"type": "text"}, "text": {"type": "text"}},
                  "attributes": {"n": {"type": "integer", "filterable": true}},
                  "vector": {"source": "none"}}}
      """;
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private final Api api;

  WritesTest(Api api) {
    this.api = api;
  }

  @Test
  void aNamespaceIsMadeOnceAndRefusesAnotherSchema() {
    var path = "/v1/namespaces/made-once";

    assertThat(api.put(path, WORDS_ONLY).require(201).json().path("created").asBoolean()).isTrue();
    assertThat(api.put(path, WORDS_ONLY).require(200).json().path("created").asBoolean()).isFalse();
    var conflict = api.put(path, NamespaceClient.CLIENT_VECTORS.formatted(100)).require(409);
    assertThat(conflict.json().path("code").asString()).isEqualTo("schema_conflict");
    api.delete(path).require(204);
    api.get(path).require(404);
  }

  @Test
  void conditionsOnTheVersionAreKept() {
    var namespace = api.namespace("conditions").create(WORDS_ONLY);
    var path = namespace.path() + "/documents/a";
    var created = api.put(path, "{\"text\": \"one\"}", "If-None-Match", "*").require(201);
    var first = created.header("ETag");
    assertThat(api.get(path).require(200).header("ETag")).isEqualTo(first).isNotEmpty();

    api.put(path, "{\"text\": \"again\"}", "If-None-Match", "*").require(412);
    var second =
        api.put(path, "{\"text\": \"two\"}", "If-Match", first).require(200).header("ETag");
    assertThat(second).isNotEqualTo(first);
    var refused = api.put(path, "{\"text\": \"late\"}", "If-Match", first).require(412);
    assertThat(refused.json().path("code").asString()).isEqualTo("precondition_failed");
    api.patch(path, "{\"attributes\": {\"n\": 5}}", "If-Match", first).require(412);
    api.delete(path, "If-Match", first).require(412);
    assertThat(namespace.document("a").json().path("text").asString()).isEqualTo("two");

    api.patch(path, "{\"attributes\": {\"n\": 5}}", "If-Match", second).require(200);
    var patched = namespace.document("a").json();
    assertThat(patched.path("text").asString()).isEqualTo("two");
    assertThat(patched.at("/attributes/n").asInt()).isEqualTo(5);
    assertThat(
            namespace.find(
                "{\"q\": \"two\", \"filter\": {\"field\": \"n\", \"op\": \"eq\", \"value\": 5}}"))
        .containsExactly("a");
    api.delete(path).require(200);
    api.delete(path).require(404);
    api.put(path, "{\"text\": \"x\"}", "If-Match", "*").require(412);
  }

  @Test
  void anIdempotencyKeyAppliesARequestOnce() {
    var namespace = api.namespace("idempotent").create(WORDS_ONLY);
    var documents = namespace.path() + "/documents";
    var request = "{\"documents\": [{\"id\": \"a\", \"text\": \"first\"}]}";

    var once = api.post(documents, request, "Idempotency-Key", "k1").require(200).json();
    namespace.write("{\"id\": \"a\", \"text\": \"second\"}");
    var again = api.post(documents, request, "Idempotency-Key", "k1").require(200).json();

    assertThat(again.at("/commit/partitions/0/commit_id"))
        .isEqualTo(once.at("/commit/partitions/0/commit_id"));
    assertThat(again.at("/commit/partitions/0/duplicate").asBoolean()).isTrue();
    assertThat(namespace.document("a").json().path("text").asString()).isEqualTo("second");
    api.post(
            documents,
            "{\"documents\": [{\"id\": \"a\", \"text\": \"other\"}]}",
            "Idempotency-Key",
            "k1")
        .require(409);
  }

  @Test
  void commitsHaveAnIdOfTheirContentAndAGrowingSequence() {
    var namespace = api.namespace("commits").create(WORDS_ONLY);
    var one = commit(namespace.write("{\"id\": \"a\", \"text\": \"same\"}"));
    var two = commit(namespace.write("{\"id\": \"b\", \"text\": \"other\"}"));
    assertThat(two.path("commit_seq").asLong()).isGreaterThan(one.path("commit_seq").asLong());
    assertThat(one.path("commit_id").asString()).isNotEqualTo(two.path("commit_id").asString());
    assertThat(one.path("commit_id").asString()).hasSizeGreaterThan(20);
  }

  @Test
  void theSamePayloadHasTheSameCommitIdInAnotherNamespace() {
    var write = "{\"id\": \"a\", \"text\": \"same\"}";
    var one = commit(api.namespace("payload-one").create(WORDS_ONLY).write(write));
    var other = commit(api.namespace("payload-two").create(WORDS_ONLY).write(write));

    assertThat(one.path("commit_id")).isEqualTo(other.path("commit_id"));
  }

  private static JsonNode commit(JsonNode written) {
    return written.at("/commit/partitions/0");
  }

  @Test
  void aSearchWaitsForTheCommitThatItNames() {
    var namespace = api.namespace("waiting").create(WORDS_ONLY);
    for (int i = 0; i < 20; i++) {
      var written =
          api.post(
                  namespace.path() + "/documents?wait=durable",
                  "{\"documents\": [{\"id\": \"d%d\", \"text\": \"token%d\"}]}".formatted(i, i))
              .require(200)
              .json();
      var token = written.at("/commit/token").asString();
      assertThat(namespace.find("{\"q\": \"token%d\", \"min_commit\": \"%s\"}".formatted(i, token)))
          .containsExactly("d" + i);
    }
  }

  @Test
  void oneBadDocumentFailsAloneWithItsReason() {
    var namespace = api.namespace("bad-one").create(WORDS_ONLY);
    var answer =
        api.post(
                namespace.path() + "/documents",
                """
                {"documents": [{"id": "a", "text": "good"},
                               {"id": "b", "text": "bad", "attributes": {"n": "seven"}},
                               {"id": "c", "text": "good"}],
                 "deletes": ["nothing"]}
                """)
            .require(200)
            .json();

    assertThat(answer.path("results").valueStream().map(r -> r.path("status").asString()))
        .containsExactly("created", "failed", "created", "not_found");
    assertThat(answer.at("/results/1/error/message").asString()).isNotEmpty();
    assertThat(answer.at("/results/1/error/pointer").asString()).contains("/attributes/n");
    assertThat(namespace.find("{\"q\": \"good\"}")).containsExactlyInAnyOrder("a", "c");
  }

  @Test
  void deletingByFilterDeletesWhatMatches() {
    var namespace = api.namespace("delete-matching").create(WORDS_ONLY);
    namespace.write(
        IntStream.range(0, 40)
            .mapToObj(
                "{\"id\": \"d%1$d\", \"text\": \"common\", \"attributes\": {\"n\": %1$d}}"
                    ::formatted)
            .toArray(String[]::new));
    namespace.seal();
    namespace.write("{\"id\": \"d3\", \"text\": \"common\", \"attributes\": {\"n\": 100}}");

    var answer =
        api.post(
                namespace.path() + "/documents/delete",
                "{\"filter\": {\"field\": \"n\", \"op\": \"lt\", \"value\": 10}}")
            .require(200)
            .json();

    assertThat(answer.path("deleted").asInt()).isEqualTo(9);
    assertThat(namespace.find("{\"q\": \"common\", \"limit\": 100}"))
        .hasSize(31)
        .contains("d3", "d10")
        .doesNotContain("d0", "d9");
  }

  @Test
  void aBulkStreamReportsBadLinesByNumberAndLoadsTheRest() {
    var namespace = api.namespace("bulk").create(WORDS_ONLY);
    namespace.write("{\"id\": \"old\", \"text\": \"old\"}");
    var lines =
        bulk(
            namespace,
            """
            {"id": "a", "text": "alpha"}
            {"id": "b", "text":
            {"delete": "old"}
            {"id": "c", "text": "gamma", "colour": "red"}
            {"id": "a", "text": "alpha again"}
            """
                .getBytes(StandardCharsets.UTF_8));

    assertThat(lines.subList(0, 5).stream().map(line -> line.path("line").asInt()))
        .containsExactlyInAnyOrder(1, 2, 3, 4, 5);
    assertThat(
            lines.stream()
                .filter(line -> line.path("status").asString("").equals("failed"))
                .map(line -> line.path("line").asInt()))
        .containsExactlyInAnyOrder(2, 4);
    var summary = lines.getLast().path("summary");
    assertThat(summary.path("created").asInt()).isEqualTo(1);
    assertThat(summary.path("replaced").asInt()).isEqualTo(1);
    assertThat(summary.path("deleted").asInt()).isEqualTo(1);
    assertThat(summary.path("failed").asInt()).isEqualTo(2);
    assertThat(namespace.find("{\"q\": \"alpha\"}")).containsExactly("a");
    assertThat(namespace.find("{\"q\": \"old\"}")).isEmpty();
  }

  @Test
  void aBulkStreamMayBeGzip() throws IOException {
    var namespace = api.namespace("bulk-gzip").create(WORDS_ONLY);
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write("{\"id\": \"z\", \"text\": \"zipped\"}\n".getBytes(StandardCharsets.UTF_8));
    }

    var lines = bulk(namespace, packed.toByteArray(), "Content-Encoding", "gzip");

    assertThat(lines.getLast().at("/summary/created").asInt()).isEqualTo(1);
    assertThat(namespace.find("{\"q\": \"zipped\"}")).containsExactly("z");
  }

  @Test
  void twentyThousandLinesStreamThroughTheGateway() {
    var namespace = api.namespace("bulk-large").create(WORDS_ONLY);
    var body =
        IntStream.range(0, 20_000)
            .mapToObj(
                "{\"id\": \"d%1$d\", \"title\": \"Title %1$d\", \"text\": \"unique%1$d and some more words that every line has\", \"attributes\": {\"n\": %1$d}}"
                    ::formatted)
            .collect(Collectors.joining("\n"));

    var lines = bulk(namespace, body.getBytes(StandardCharsets.UTF_8));

    assertThat(lines).hasSize(20_001);
    assertThat(lines.getLast().at("/summary/created").asInt()).isEqualTo(20_000);
    assertThat(lines.getLast().at("/summary/failed").asInt()).isZero();
    assertThat(namespace.description().path("documents").asInt()).isEqualTo(20_000);
    assertThat(namespace.find("{\"q\": \"unique19999\"}")).containsExactly("d19999");
  }

  private List<JsonNode> bulk(NamespaceClient namespace, byte[] body, String... headers) {
    var all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "Content-Type";
    all[1] = "application/x-ndjson";
    return api.send("POST", namespace.path() + "/bulk", BodyPublishers.ofByteArray(body), all)
        .require(200)
        .body()
        .lines()
        .map(JSON::readTree)
        .toList();
  }
}
