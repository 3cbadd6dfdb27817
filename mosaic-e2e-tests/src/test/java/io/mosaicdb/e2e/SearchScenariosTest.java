package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class SearchScenariosTest {
  private final Api api;

  SearchScenariosTest(Api api) {
    this.api = api;
  }

  @Test
  void aThousandDocumentsAreSearchedByVectorByTextAndByBoth() {
    var namespace = api.namespace("thousand").createWithClientVectors(300);
    for (int start = 0; start < 1000; start += 250) {
      namespace.write(
          IntStream.range(start, start + 250)
              .mapToObj(SearchScenariosTest::numbered)
              .toArray(String[]::new));
    }

    assertThat(namespace.description().path("documents").asInt()).isEqualTo(1000);
    for (int i : new int[] {0, 299, 300, 512, 999}) {
      assertThat(namespace.find(vector(i))).as("vector of d%d", i).hasSize(10).startsWith("d" + i);
      assertThat(namespace.find(keyword("word" + i))).containsExactly("d" + i);
      assertThat(
              namespace.find(
                  "{\"q\": \"word%d\", \"vector\": %s, \"mode\": \"hybrid\"}"
                      .formatted(i, Vectors8.of(i))))
          .hasSize(10)
          .startsWith("d" + i);
    }
    var all = namespace.search("{\"q\": \"common\", \"mode\": \"keyword\", \"limit\": 1000}");
    assertThat(all.at("/total/value").asInt()).isEqualTo(1000);
    assertThat(all.path("hits").valueStream().map(hit -> hit.path("id").asString()))
        .hasSize(1000)
        .doesNotHaveDuplicates();
  }

  @Test
  void aFilterThatOneInAHundredMatchesStillFillsThePage() {
    var namespace = api.namespace("filtered").createWithClientVectors(400);
    namespace.write(
        IntStream.range(0, 1000).mapToObj(SearchScenariosTest::numbered).toArray(String[]::new));
    var rare = "\"filter\": {\"field\": \"kind\", \"op\": \"eq\", \"value\": \"rare\"}";
    var expected = IntStream.range(0, 10).mapToObj(i -> "d" + (i * 100 + 7)).toList();

    for (boolean sealed : List.of(false, true)) {
      if (sealed) {
        namespace.seal();
      }
      for (var question :
          List.of(
              "\"q\": \"common\", \"mode\": \"keyword\"",
              "\"vector\": " + Vectors8.of(77) + ", \"mode\": \"semantic\"",
              "\"q\": \"common\", \"vector\": " + Vectors8.of(78) + ", \"mode\": \"hybrid\"")) {
        assertThat(namespace.find("{" + question + ", " + rare + ", \"limit\": 10}"))
            .as("%s, sealed: %s", question, sealed)
            .containsExactlyInAnyOrderElementsOf(expected);
      }
    }
    assertThat(
            namespace.find(
                """
                {"q": "common", "mode": "keyword", "limit": 100,
                 "filter": {"and": [{"field": "n", "op": "lt", "value": 300},
                                    {"or": [{"field": "kind", "op": "eq", "value": "rare"},
                                            {"field": "n", "op": "in", "value": [1, 2]}]},
                                    {"not": {"field": "n", "op": "gte", "value": 200}}]}}
                """))
        .containsExactlyInAnyOrder("d1", "d2", "d7", "d107");
  }

  /** One in a hundred is of the rare kind. */
  private static String numbered(int i) {
    return "{\"id\": \"d%d\", \"text\": \"word%d common\", \"attributes\": {\"n\": %d, \"kind\": \"%s\"}, \"vector\": %s}"
        .formatted(i, i, i, i % 100 == 7 ? "rare" : "usual", Vectors8.of(i));
  }

  @Test
  void twoNamespacesNeverMix() {
    var left = api.namespace("left").createWithClientVectors(50);
    var right = api.namespace("right").createWithClientVectors(50);
    for (int i = 0; i < 60; i++) {
      left.write(mixed(i, "lefty"));
      right.write(mixed(i, "righty"));
    }
    right.deleteAll("d1");

    assertThat(left.find(keyword("righty"))).isEmpty();
    assertThat(right.find(keyword("lefty"))).isEmpty();
    assertThat(left.document("d1").require(200).body()).contains("lefty");
    right.document("d1").require(404);
    assertThat(left.description().path("documents").asInt()).isEqualTo(60);
    assertThat(right.description().path("documents").asInt()).isEqualTo(59);
    for (var hit : left.search(vector(3).replace("}", ", \"fields\": [\"text\"]}")).path("hits")) {
      assertThat(hit.at("/fields/text").asString()).isEqualTo("lefty");
    }
    api.delete(right.path()).require(204);
    api.post(right.path() + "/search", keyword("righty")).require(404);
    assertThat(left.description().path("documents").asInt()).isEqualTo(60);
  }

  private static String mixed(int i, String text) {
    return "{\"id\": \"d%d\", \"text\": \"%s\", \"vector\": %s}".formatted(i, text, Vectors8.of(i));
  }

  @Test
  void weightsOfTitleAndBodyDecideTheOrder() {
    var documents =
        new String[] {
          "{\"id\": \"in-title\", \"title\": \"falcon\", \"text\": \"a bird of prey seen over hills\"}",
          "{\"id\": \"in-body\", \"title\": \"bird\", \"text\": \"the falcon dives, a falcon of prey\"}"
        };
    var forTitles = api.namespace("for-titles").create(weights(3, 1));
    var forBodies = api.namespace("for-bodies").create(weights(1, 3));
    forTitles.write(documents);
    forBodies.write(documents);

    assertThat(forTitles.find(keyword("falcon"))).containsExactly("in-title", "in-body");
    assertThat(forBodies.find(keyword("falcon"))).containsExactly("in-body", "in-title");
  }

  private static String weights(int title, int text) {
    return """
    {"schema": {"fields": {"title": {"type": "text", "weight": %d}, "text": {"type": "text", "weight": %d}},
                "vector": {"source": "none"}}}
    """
        .formatted(title, text);
  }

  @Test
  void wordsAreStemmedAndStopWordsAreNoQuestion() {
    var on = api.namespace("stemmed").create(analysis("en", true));
    var off = api.namespace("unstemmed").create(analysis("en", false));
    for (var namespace : List.of(on, off)) {
      namespace.write("{\"id\": \"a\", \"text\": \"They run to the station.\"}");
    }

    assertThat(on.find(keyword("running"))).containsExactly("a");
    assertThat(on.find(keyword("the"))).isEmpty();
    assertThat(off.find(keyword("running"))).isEmpty();
    assertThat(off.find(keyword("the"))).containsExactly("a");
  }

  @Test
  void aChineseWordOfTwoCharactersIsFoundInsideASentence() {
    var namespace = api.namespace("chinese").create(analysis("zh", true));
    namespace.write(
        "{\"id\": \"a\", \"text\": \"我昨天在北京大学学习自然语言处理。\"}",
        "{\"id\": \"b\", \"text\": \"他喜欢在上海吃早饭。\"}");

    assertThat(namespace.find(keyword("语言"))).containsExactly("a");
    assertThat(namespace.find(keyword("上海"))).containsExactly("b");
  }

  private static String analysis(String language, boolean full) {
    return """
    {"schema": {"fields": {"text": {"type": "text", "language": "%s", "stemming": %s, "stop_words": %s}},
                "vector": {"source": "none"}}}
    """
        .formatted(language, full, full);
  }

  @Test
  void weightsOfTheFusionDecideBetweenWordsAndMeaning() {
    var namespace = api.namespace("fusion").createWithClientVectors(100);
    namespace.write(
        "{\"id\": \"by-word\", \"text\": \"zebra zebra\", \"vector\": [0,1,0,0,0,0,0,0]}",
        "{\"id\": \"by-vector\", \"text\": \"zebra among many other animals of the plain\", \"vector\": [1,0,0,0,0,0,0,0]}");
    var question =
        """
        {"q": "zebra", "vector": [1,0,0,0,0,0,0,0], "mode": "hybrid",
         "fusion": {"type": "rrf", "k": 60, "weights": {"text": %s, "vector": %s}}}
        """;

    assertThat(namespace.find(question.formatted("0.9", "0.1"))).first().isEqualTo("by-word");
    assertThat(namespace.find(question.formatted("0.1", "0.9"))).first().isEqualTo("by-vector");
    var hit = namespace.search(question.formatted("0.7", "0.3")).at("/hits/0");
    double expected = 0.7 / 61 + 0.3 / 62;
    assertThat(hit.path("id").asString()).isEqualTo("by-word");
    assertThat(hit.path("score").asDouble()).isCloseTo(expected, within(1e-6));
  }

  @Test
  void anAnswerSaysWhatWasSearchedAndShowsWhatFits() {
    var namespace = api.namespace("answers");
    namespace.write(
        "{\"id\": \"a\", \"title\": \"Gardens\", \"url\": \"https://example.org/a\", \"text\": \"Roses need pruning in winter. Tulips bloom in spring.\", \"attributes\": {\"year\": 2024}}",
        "{\"id\": \"b\", \"title\": \"Engines\", \"text\": \"A piston moves within the cylinder.\", \"attributes\": {\"year\": 1999}}");

    var answer =
        namespace.search(
            """
            {"q": "pruning roses", "highlight": {"fields": ["text"], "fragments": 1}, "explain": true,
             "fields": ["title", "url", "year"]}
            """);

    var best = answer.at("/hits/0");
    assertThat(best.path("id").asString()).isEqualTo("a");
    assertThat(best.at("/fields/title").asString()).isEqualTo("Gardens");
    assertThat(best.at("/fields/url").asString()).isEqualTo("https://example.org/a");
    assertThat(best.at("/fields/year").asInt()).isEqualTo(2024);
    assertThat(best.path("fields").has("text")).isFalse();
    assertThat(best.at("/passage/text").asString()).contains("Roses need pruning");
    var fragment = best.at("/highlights/0");
    var text = fragment.path("text").asString();
    var words =
        fragment
            .path("spans")
            .valueStream()
            .map(span -> text.substring(span.get(0).asInt(), span.get(1).asInt()))
            .toList();
    assertThat(words).containsExactlyInAnyOrder("Roses", "pruning");
    assertThat(best.at("/scores/text/rank").asInt()).isEqualTo(1);
    assertThat(best.at("/scores/vector/raw").asDouble()).isBetween(0.3, 1.0);
    assertThat(best.has("explanation")).isTrue();
    assertThat(answer.at("/plan/stages").valueStream().map(stage -> stage.asString()))
        .hasSizeGreaterThanOrEqualTo(4);
    assertThat(answer.at("/snapshot/token").asString()).isNotEmpty();
    assertThat(answer.at("/snapshot/partitions/0/commit_seq").asLong()).isPositive();
    assertThat(answer.at("/snapshot/embedder/id").asString()).contains("bge-small");
    assertThat(answer.at("/coverage/full").asBoolean()).isTrue();
    assertThat(answer.at("/timings/embed_ms").isNumber()).isTrue();
    assertThat(answer.path("request_id").asString()).isNotEmpty();

    var got =
        api.get(namespace.path() + "/search?q=piston&mode=keyword&limit=1").require(200).json();
    assertThat(got.at("/hits/0/id").asString()).isEqualTo("b");
    var similar =
        api.post(namespace.path() + "/similar", "{\"id\": \"a\", \"limit\": 5}")
            .require(200)
            .json();
    assertThat(similar.at("/hits/0/id").asString()).isEqualTo("b");
  }

  @Test
  void theShortFormsIndexAndFind() {
    api.post(
            "/api/index",
            "{\"id\": \"n1\", \"title\": \"Note\", \"text\": \"Water boils at a lower temperature on a mountain.\", \"metadata\": {\"topic\": \"physics\"}}")
        .require(201);
    api.post("/api/index", "{\"id\": \"n2\", \"text\": \"The court adjourned the hearing.\"}")
        .require(201);

    var found =
        api.post("/api/search", "{\"query\": \"cooking at altitude\", \"limit\": 1}")
            .require(200)
            .json();
    assertThat(found.path("results").size()).isEqualTo(1);
    assertThat(found.at("/results/0/id").asString()).isEqualTo("n1");
    assertThat(found.at("/results/0/metadata/topic").asString()).isEqualTo("physics");
    assertThat(found.path("degraded").asBoolean()).isFalse();
    var strict =
        api.post("/api/search", "{\"query\": \"cooking at altitude\", \"min_similarity\": 0.99}")
            .require(200)
            .json();
    assertThat(strict.path("results").size()).isZero();

    var replaced =
        api.post("/api/index", "{\"id\": \"n1\", \"text\": \"Glaciers carve valleys.\"}")
            .require(201)
            .json();
    assertThat(replaced.path("status").asString()).isEqualTo("replaced");
    assertThat(
            api.post("/api/search", "{\"query\": \"glaciers\", \"limit\": 1}")
                .json()
                .at("/results/0/id")
                .asString())
        .isEqualTo("n1");
    api.get("/api/shards").require(200);
  }

  private static String keyword(String words) {
    return "{\"q\": \"%s\", \"mode\": \"keyword\"}".formatted(words);
  }

  private static String vector(int number) {
    return "{\"vector\": %s, \"mode\": \"semantic\"}".formatted(Vectors8.of(number));
  }
}
