package io.mosaicdb.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(SharedServer.class)
class SqlTest {
  private static final String TWO_PARTITIONS =
      """
      {"schema": {"fields": {"title": {"type": "text"}, "text": {"type": "text"}},
                  "attributes": {"year": {"type": "integer"}, "lang": {"type": "string"}, "tags": {"type": "string[]"}},
                  "vector": {"source": "none"}},
       "settings": {"partitions": 2, "seal_age": "1h"}}
      """;
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path HOSTILE =
      Path.of("../mosaic-storage/src/test/resources/io/mosaicdb/storage/sql/hostile.txt");
  private static final Pattern REPEATED = Pattern.compile("\\{(\\d+)\\*([^}]*)}");

  private final Api api;

  SqlTest(Api api) {
    this.api = api;
  }

  private NamespaceClient filled(String name) {
    var namespace = api.namespace(name).create(TWO_PARTITIONS);
    for (int i = 0; i < 30; i++) {
      namespace.write(
          """
          {"id": "d%d", "title": "t%d", "text": "it is %d", "attributes": {"year": %d, "lang": "%s", "tags": ["x", "y%d"]},
           "links": [{"url": "https://example.org/%d", "text": "next"}]}
          """
              .formatted(i, i, i, 2000 + i % 3, i % 2 == 0 ? "en" : "de", i % 4, i + 1));
      if (i % 10 == 9) {
        namespace.seal();
      }
    }
    namespace.write("{\"id\": \"d0\", \"title\": \"again\", \"attributes\": {\"year\": 2010}}");
    namespace.deleteAll("d1", "d2");
    return namespace;
  }

  private JsonNode ask(NamespaceClient namespace, String sql, Object... params) {
    return api.post(namespace.path() + "/sql", body(sql, params)).require(200).json();
  }

  private static String body(String sql, Object... params) {
    return JSON.writeValueAsString(Map.of("sql", sql, "params", params));
  }

  @Test
  void aggregatesAreExactOverShardsPartitionsAndWhatIsNotSealed() {
    var namespace = filled("sql-exact");

    var answer =
        ask(
            namespace,
            "SELECT lang, count(*) AS n, min(year), avg(year) > ? FROM documents GROUP BY lang ORDER BY n DESC, lang",
            2000);

    assertThat(answer.path("columns").toString())
        .isEqualTo("[\"lang\",\"n\",\"min(year)\",\"avg(year) > ?\"]");
    assertThat(answer.path("rows").toString())
        .isEqualTo("[[\"de\",14,2000,1],[\"en\",13,2000,1],[null,1,2010,1]]");
    assertThat(answer.path("truncated").asBoolean()).isFalse();
    assertThat(answer.path("coverage").path("full").asBoolean()).isTrue();
    assertThat(answer.path("coverage").path("shards").path("searched").asInt()).isGreaterThan(2);
    assertThat(answer.path("snapshot").path("partitions").size()).isEqualTo(2);
    assertThat(
            ask(
                    namespace,
                    "SELECT t.value, count(*) FROM documents d JOIN links l ON l.document = d.id, json_each(d.tags) t WHERE d.text LIKE '%1%' GROUP BY 1 ORDER BY 1")
                .path("rows")
                .toString())
        .isEqualTo("[[\"x\",11],[\"y0\",2],[\"y1\",3],[\"y2\",3],[\"y3\",3]]");
  }

  @Test
  void theUsersMistakesAreSaidInSqlitesWords() {
    var namespace = filled("sql-mistakes");

    var unknown = api.post(namespace.path() + "/sql", body("SELECT director FROM documents"));
    assertThat(unknown.require(422).json().path("code").asString()).isEqualTo("invalid_sql");
    assertThat(unknown.json().path("errors").get(0).path("pointer").asString()).isEqualTo("/sql");
    assertThat(unknown.json().path("detail").asString()).contains("no such column: director");
    var few = api.post(namespace.path() + "/sql", body("SELECT ?, ?", 1)).require(422).json();
    assertThat(few.path("errors").get(0).path("pointer").asString()).isEqualTo("/params");
    var slow =
        api.post(
            namespace.path() + "/sql",
            "{\"sql\": \"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n\", \"timeout_ms\": 300}");
    assertThat(slow.require(504).json().path("code").asString()).isEqualTo("deadline_exceeded");
    api.post("/v1/namespaces/sql-nowhere/sql", body("SELECT 1")).require(404);
  }

  @Test
  void hostileStatementsAreRefusedOrBoundedAndChangeNothing() throws Exception {
    var namespace = filled("sql-hostile");
    var before = namespace.shards().toString().replaceAll("\"queries\":\\d+", "");
    var wrong = new ArrayList<String>();

    for (String line : Files.readAllLines(HOSTILE, UTF_8)) {
      if (line.startsWith("#")) {
        continue;
      }
      var statement = statement(line);
      var answer =
          api.post(
              namespace.path() + "/sql",
              JSON.writeValueAsString(
                  Map.of("sql", statement, "timeout_ms", 300, "max_rows", 100)));
      boolean refused = answer.status() >= 400 && answer.status() < 500;
      boolean bounded =
          answer.status() == 504
              || (answer.status() == 200 && answer.json().path("rows").size() <= 100);
      if (!refused && (!bounded || line.startsWith("refused"))) {
        wrong.add(answer.status() + " " + line);
      }
    }

    assertThat(wrong).isEmpty();
    assertThat(namespace.shards().toString().replaceAll("\"queries\":\\d+", "")).isEqualTo(before);
    assertThat(ask(namespace, "SELECT count(*) FROM documents").path("rows").toString())
        .isEqualTo("[[28]]");
  }

  private static String statement(String line) {
    var text = line.substring(line.indexOf('\t') + 1).replace("{lf}", "\n").replace("{nul}", "\0");
    return REPEATED
        .matcher(text)
        .replaceAll(match ->
            Matcher.quoteReplacement(match.group(2).repeat(Integer.parseInt(match.group(1)))));
  }
}
