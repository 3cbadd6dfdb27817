package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Words over HTTP, in memory and in shards, over two partitions where it matters. */
@ExtendWith(SharedServer.class)
class TextSearchTest {
  private final Api api;

  TextSearchTest(Api api) {
    this.api = api;
  }

  @Test
  void readsSignsBeginningsTyposAndWeights() {
    var namespace = library("words");
    for (boolean sealed : List.of(false, true)) {
      if (sealed) {
        namespace.seal();
      }
      assertThat(find(namespace, "quantum", "")).as("sealed %s", sealed).containsExactly("a", "b");
      assertThat(find(namespace, "quantum -planets", "")).containsExactly("a");
      assertThat(find(namespace, "computati*", "")).contains("c");
      assertThat(find(namespace, "\\\"fox runs\\\"~4", "")).contains("b");
      assertThat(find(namespace, "qantum", "")).isEmpty();
      assertThat(find(namespace, "qantum", "\"typo\": true")).containsExactlyInAnyOrder("a", "b");
      assertThat(find(namespace, "quantum", "\"typo\": true")).startsWith("a", "b").endsWith("c");
      assertThat(find(namespace, "quantum mech", "\"prefix\": true, \"operator\": \"and\""))
          .containsExactly("a");
      assertThat(find(namespace, "quantum", "\"field_weights\": {\"title\": 0.1, \"text\": 10}"))
          .containsExactly("b", "a");
      assertThat(find(namespace, "quantum", "\"field_weights\": {\"title\": 0}"))
          .containsExactly("b");
      assertThat(find(namespace, "the", "")).isEmpty();
      assertThat(find(namespace, "\\\" +- * title: ~2 ((", "")).isEmpty();
    }
  }

  @Test
  void highlightsWhatTyposAndBeginningsFound() {
    var namespace = library("shown");
    for (var query : List.of("qantum", "quant*", "\\\"quantum mechanics\\\"")) {
      var highlight =
          namespace
              .search(
                  """
                  {"q": "%s", "mode": "keyword", "words": {"typo": true},
                   "highlight": {"fields": ["title"]}}
                  """
                      .formatted(query))
              .at("/hits/0/highlights/0");

      assertThat(highlight.at("/spans/0").toString()).as(query).isEqualTo("[0,7]");
    }
  }

  @Test
  void signsHoldForVectorHitsToo() {
    var namespace = api.namespace("signed").createWithClientVectors(500);
    var documents = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      documents.add(
          "{\"id\": \"d%d\", \"text\": \"%s number\", \"vector\": %s}"
              .formatted(i, i % 2 == 0 ? "even" : "odd", Vectors8.of(i)));
    }
    namespace.write(documents.toArray(String[]::new));
    var request =
        "{\"q\": \"number %s\", \"vector\": "
            + Vectors8.of(4)
            + ", \"mode\": \"hybrid\", \"limit\": 40}";

    for (boolean sealed : List.of(false, true)) {
      if (sealed) {
        namespace.seal();
      }
      assertThat(namespace.find(request.formatted(""))).hasSize(40);
      assertThat(namespace.find(request.formatted("-odd"))).hasSize(20).startsWith("d4");
      assertThat(namespace.find(request.formatted("+od*"))).hasSize(20).doesNotContain("d4");
    }
  }

  @Test
  void suggestsWordsAndSaysWhatWasMeant() {
    var namespace = library("suggested");
    for (boolean sealed : List.of(false, true)) {
      if (sealed) {
        namespace.seal();
      }
      var suggested =
          api.get(namespace.path() + "/suggest?q=my%20comp&limit=2").require(200).json();
      assertThat(suggested.at("/suggestions/0").toString())
          .isEqualTo("{\"text\":\"my computing\",\"word\":\"computing\",\"documents\":2}");
      assertThat(suggested.path("suggestions").size()).isEqualTo(2);
      var found = namespace.search("{\"q\": \"qantum mechnaics\", \"mode\": \"keyword\"}");
      assertThat(found.path("hits").size()).isZero();
      assertThat(found.path("did_you_mean").asString()).isEqualTo("quantum mechanics");
    }
    api.get(namespace.path() + "/suggest?q=a&limit=0").require(422);
    api.get(namespace.path() + "/suggest?q=").require(400);
    api.get(namespace.path() + "/suggest?q=a&size=3").require(400);
  }

  @Test
  void everyOptionOfAFieldChangesWhatIsFound() {
    var namespace =
        api.namespace("options")
            .create(
                """
                {"schema": {"vector": {"source": "none"}, "fields": {
                   "plain":   {"language": "en"},
                   "unstemmed": {"language": "en", "stemming": false},
                   "stopless": {"language": "en", "stop_words": false},
                   "stopped": {"language": "en", "stop_words": ["dog"]},
                   "cased":   {"language": "en", "case_sensitive": true},
                   "folded":  {"language": "en", "folding": true},
                   "cut":     {"language": "standard", "max_token_length": 3},
                   "chinese": {"language": "zh"},
                   "meant":   {"language": "en", "synonyms": ["puppy, dog", "animal => dog"]}}}}
                """);
    var text = "The running US dog sells résumés";
    var fields = new ArrayList<String>();
    for (var field :
        List.of("plain", "unstemmed", "stopless", "stopped", "cased", "folded", "cut", "meant")) {
      fields.add("\"%s\": \"%s\"".formatted(field, text));
    }
    fields.add("\"chinese\": \"我昨天在北京大学看书\"");
    namespace.write("{\"id\": \"d\", \"fields\": {" + String.join(",", fields) + "}}");

    for (boolean sealed : List.of(false, true)) {
      if (sealed) {
        namespace.seal();
      }
      assertFound(namespace, "plain:runs plain:us plain:résumé", true);
      assertFound(namespace, "plain:the plain:resumes", false);
      assertFound(namespace, "unstemmed:runs", false);
      assertFound(namespace, "unstemmed:running", true);
      assertFound(namespace, "stopless:the", true);
      assertFound(namespace, "stopped:dog", false);
      assertFound(namespace, "stopped:the", true);
      assertFound(namespace, "cased:US", true);
      assertFound(namespace, "cased:us", false);
      assertFound(namespace, "folded:resume", true);
      assertFound(namespace, "cut:nin", true);
      assertFound(namespace, "chinese:北京", true);
      assertFound(namespace, "chinese:上海", false);
      assertFound(namespace, "meant:puppy", true);
      assertFound(namespace, "meant:animals", true);
      assertFound(namespace, "plain:puppy", false);
    }
  }

  private static void assertFound(NamespaceClient namespace, String q, boolean found) {
    assertThat(find(namespace, q, "")).as(q).isEqualTo(found ? List.of("d") : List.of());
  }

  private static List<String> find(NamespaceClient namespace, String q, String words) {
    return namespace.find(
        "{\"q\": \"%s\", \"mode\": \"keyword\", \"words\": {%s}}".formatted(q, words));
  }

  private NamespaceClient library(String name) {
    var namespace =
        api.namespace(name)
            .create(
                """
                {"schema": {"fields": {"title": {"weight": 3}, "text": {}},
                            "vector": {"source": "none"}},
                 "settings": {"partitions": 2, "seal_age": "1h"}}
                """);
    namespace.write(
        """
        {"id": "a", "title": "quantum mechanics", "text": "the running fox, state of the art computing"}
        """,
        """
        {"id": "b", "title": "planets", "text": "quantum fields and a fox that often runs"}
        """,
        """
        {"id": "c", "title": "machines", "text": "computation, computing and quartum"}
        """);
    return namespace;
  }
}
