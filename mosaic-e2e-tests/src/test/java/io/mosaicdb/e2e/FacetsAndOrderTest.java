package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Facets, groups, order and plans over two partitions, in memory and in shards. */
@ExtendWith(SharedServer.class)
class FacetsAndOrderTest {
  private static final int DOCUMENTS = 240;

  private final Api api;

  FacetsAndOrderTest(Api api) {
    this.api = api;
  }

  @Test
  void countsFacetsExactlyOverWhatMatches() {
    var namespace = films("facets");
    var request =
        """
        {"q": "film", "mode": "keyword", "limit": 3, "filter": {"field": "n", "op": "lt", "value": 200},
         "facets": ["kind", "host", {"field": "n", "type": "histogram", "interval": 80},
                    {"field": "n", "name": "halves", "type": "ranges", "ranges": [{"to": 100}, {"from": 100}]},
                    {"field": "n", "name": "measured", "type": "stats"},
                    {"field": "day", "type": "date_histogram", "interval": "month"}]}
        """;

    for (boolean sealed : List.of(false, true)) {
      if (sealed) {
        namespace.seal();
      }
      var facets = namespace.search(request).path("facets");

      assertThat(facets.path("kind").toString())
          .isEqualTo("[{\"value\":\"even\",\"count\":100},{\"value\":\"odd\",\"count\":50}]");
      assertThat(facets.at("/host/0").toString())
          .isEqualTo("{\"value\":\"big.org\",\"count\":160}");
      assertThat(facets.path("host").size()).isEqualTo(10);
      assertThat(facets.path("n").toString())
          .isEqualTo(
              "[{\"value\":0,\"count\":80},{\"value\":80,\"count\":80},{\"value\":160,\"count\":40}]");
      assertThat(facets.path("halves").toString())
          .isEqualTo("[{\"to\":100,\"count\":100},{\"from\":100,\"count\":100}]");
      assertThat(facets.path("measured").toString())
          .isEqualTo("{\"count\":200,\"min\":0,\"max\":199,\"avg\":99.5,\"sum\":19900.0}");
      assertThat(facets.at("/day/0").toString())
          .isEqualTo("{\"value\":\"2026-01-01T00:00:00Z\",\"count\":31}");
      assertThat(facets.path("day").size()).isEqualTo(7);
    }
  }

  @Test
  void countsWithoutHitsAndWithoutWords() {
    var namespace = films("counts");

    var counted =
        api.post(namespace.path() + "/facets", "{\"facets\": [\"kind\"]}").require(200).json();

    assertThat(counted.at("/total/value").asInt()).isEqualTo(DOCUMENTS);
    assertThat(counted.at("/facets/kind/0").toString())
        .isEqualTo("{\"value\":\"even\",\"count\":120}");
    assertThat(counted.has("hits")).isFalse();
    assertThat(
            api.post(namespace.path() + "/facets", "{\"q\": \"film9\", \"facets\": [\"kind\"]}")
                .require(200)
                .json()
                .at("/facets/kind")
                .toString())
        .isEqualTo("[{\"value\":\"odd\",\"count\":1}]");
  }

  @Test
  void sortsEverythingThatMatchesWithTheMissingLast() {
    var namespace = films("sorted");
    var byKind = "\"sort\": [{\"field\": \"kind\", \"order\": \"desc\"}, {\"field\": \"n\"}]";

    for (boolean sealed : List.of(false, true)) {
      if (sealed) {
        namespace.seal();
      }
      // A quarter has no kind: n % 4 == 3.
      var descending = namespace.search("{" + byKind + ", \"limit\": 240}");
      assertThat(ids(descending).subList(0, 3)).containsExactly("d001", "d005", "d009");
      assertThat(ids(descending).subList(60, 63)).containsExactly("d000", "d002", "d004");
      assertThat(ids(descending).subList(180, 183)).containsExactly("d003", "d007", "d011");
      assertThat(descending.at("/hits/0/sort").toString()).isEqualTo("[\"odd\",1]");
      assertThat(descending.at("/hits/180/sort").toString()).isEqualTo("[null,3]");
      assertThat(descending.at("/total/value").asInt()).isEqualTo(DOCUMENTS);
      assertThat(
              ids(
                  namespace.search(
                      "{\"q\": \"film7 film70 film17\", \"sort\": [{\"field\": \"n\", \"order\": \"desc\"}]}")))
          .containsExactly("d070", "d017", "d007");
      assertThat(
              ids(
                  namespace.search(
                      "{\"filter\": {\"field\": \"n\", \"op\": \"gte\", \"value\": 100}, \"limit\": 3}")))
          .containsExactly("d100", "d101", "d102");
    }
  }

  @Test
  void fillsThePageWithHitsOfDifferentHosts() {
    var namespace = films("grouped");

    for (boolean sealed : List.of(false, true)) {
      if (sealed) {
        namespace.seal();
      }
      for (var question :
          List.of(
              "\"q\": \"film\", \"mode\": \"keyword\"",
              "\"vector\": " + Vectors8.of(5),
              "\"q\": \"film\", \"vector\": " + Vectors8.of(5),
              "\"sort\": [{\"field\": \"n\"}]")) {
        var hits =
            namespace
                .search(
                    "{"
                        + question
                        + ", \"group\": {\"field\": \"host\", \"size\": 2}, \"limit\": 20}")
                .path("hits");

        assertThat(hits.size()).as(question).isEqualTo(20);
        var groups = hits.valueStream().map(hit -> hit.path("group").asString()).toList();
        assertThat(groups).as(question).filteredOn("big.org"::equals).hasSize(2);
        assertThat(groups)
            .allSatisfy(group -> assertThat(groups).filteredOn(group::equals).hasSizeLessThan(3));
      }
    }
  }

  @Test
  void explainsThePlanAndAnswersAForcedOneAlike() {
    var namespace = films("planned");
    namespace.seal();
    var rare = "\"filter\": {\"field\": \"n\", \"op\": \"lt\", \"value\": 12}";
    var usual = "\"filter\": {\"field\": \"n\", \"op\": \"lt\", \"value\": 200}";
    var hybrid = "\"q\": \"film\", \"vector\": " + Vectors8.of(5);

    var chosen = namespace.search("{" + hybrid + ", " + rare + ", \"explain\": true}");
    var scanned =
        namespace.search(
            "{" + hybrid + ", " + rare + ", \"explain\": true, \"plan\": \"parallel\"}");

    assertThat(chosen.at("/plan/chosen").asString()).isEqualTo("filter_first");
    assertThat(chosen.at("/plan/estimates/passing_filter").asInt()).isBetween(6, 24);
    assertThat(chosen.at("/plan/truth/passing_filter").asInt()).isEqualTo(12);
    assertThat(scanned.at("/plan/chosen").asString()).isEqualTo("parallel");
    assertThat(scored(scanned)).isEqualTo(scored(chosen));
    for (var each :
        List.of(
            List.of(hybrid, "parallel"),
            List.of("\"vector\": " + Vectors8.of(5), "vector_only"),
            List.of("\"q\": \"film\", \"mode\": \"keyword\"", "text_only"))) {
      var free = namespace.search("{" + each.get(0) + ", " + usual + ", \"explain\": true}");
      var forced =
          namespace.search("{" + each.get(0) + ", " + usual + ", \"plan\": \"filter_first\"}");
      assertThat(free.at("/plan/chosen").asString()).isEqualTo(each.get(1));
      assertThat(scored(forced)).isEqualTo(scored(free));
    }
  }

  @Test
  void refusesWhatHasNoMeaning() {
    var namespace = films("refused");
    for (var request :
        List.of(
            List.of("{\"q\": \"film\", \"facets\": [\"nope\"]}", "/facets/0"),
            List.of("{\"q\": \"film\", \"facets\": [7]}", "/facets/0"),
            List.of(
                "{\"q\": \"film\", \"facets\": [{\"field\": \"kind\", \"type\": \"histogram\", \"interval\": 1}]}",
                "/facets/0/type"),
            List.of(
                "{\"q\": \"film\", \"facets\": [{\"field\": \"n\", \"type\": \"histogram\", \"interval\": 0}]}",
                "/facets/0/interval"),
            List.of("{\"q\": \"film\", \"facets\": [\"kind\", \"kind\"]}", "/facets/1/name"),
            List.of("{\"q\": \"film\", \"sort\": [{\"field\": \"nope\"}]}", "/sort/0/field"),
            List.of(
                "{\"q\": \"film\", \"mode\": \"semantic\", \"sort\": [{\"field\": \"n\"}]}",
                "/mode"),
            List.of(
                "{\"q\": \"film\", \"group\": {\"field\": \"kind\", \"size\": 0}}", "/group/size"),
            List.of("{\"q\": \"film\", \"mode\": \"keyword\", \"plan\": \"parallel\"}", "/plan"),
            List.of(
                "{\"q\": \"film\", \"mode\": \"keyword\", \"plan\": \"filter_first\"}", "/plan"),
            List.of("{\"limit\": 3}", "/q"))) {
      var answer = api.post(namespace.path() + "/search", request.get(0));

      assertThat(answer.status()).as("%s: %s", request, answer.body()).isBetween(400, 422);
      assertThat(answer.json().at("/errors/0/pointer").asString())
          .as("%s: %s", request, answer.body())
          .startsWith(request.get(1));
    }
  }

  private static List<String> ids(JsonNode answer) {
    return answer.path("hits").valueStream().map(hit -> hit.path("id").asString()).toList();
  }

  private static List<String> scored(JsonNode answer) {
    return answer
        .path("hits")
        .valueStream()
        .map(hit -> hit.path("id").asString() + " " + hit.path("score").asDouble())
        .toList();
  }

  /** Four in five are of one host, the others of forty-eight; a quarter has no kind. */
  private NamespaceClient films(String name) {
    var namespace =
        api.namespace(name)
            .create(
                """
                {"schema": {"fields": {"title": {"type": "text"}, "text": {"type": "text"}},
                            "attributes": {"n": {"type": "integer"}, "kind": {"type": "string"}, "day": {"type": "datetime"}},
                            "vector": {"dimensions": 8, "metric": "cosine", "source": "client"}},
                 "settings": {"partitions": 2, "shard_documents": 1000, "seal_age": "1h"}}
                """);
    var documents = new ArrayList<String>();
    for (int i = 0; i < DOCUMENTS; i++) {
      var kind = i % 4 == 3 ? "" : "\"kind\": \"" + (i % 2 == 0 ? "even" : "odd") + "\", ";
      var host = i % 5 == 0 ? "host" + i + ".org" : "big.org";
      documents.add(
          "{\"id\": \"d%03d\", \"text\": \"film film%d\", \"url\": \"https://%s/%d\", \"vector\": %s, \"attributes\": {%s\"n\": %d, \"day\": \"%s\"}}"
              .formatted(
                  i,
                  i,
                  host,
                  i,
                  Vectors8.of(i),
                  kind,
                  i,
                  java.time.LocalDate.of(2026, 1, 1).plusDays(i) + "T08:00:00+01:00"));
    }
    namespace.write(documents.toArray(String[]::new));
    return namespace;
  }
}
