package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Walks through the hits of a search, and questions about the past. */
class PagesAndPastTest {
  private static final int DOCUMENTS = 500;

  @RegisterExtension static final OwnServer SERVER = new OwnServer();

  private record Walk(List<String> ids, int pages, String token) {}

  @Test
  void fiftyPagesRepeatAndSkipNothingWhileDocumentsAreWrittenSealedAndMerged() {
    var namespace = SERVER.api().namespace("busy").createWithClientVectors(200);
    for (int i = 0; i < DOCUMENTS; i += 100) {
      namespace.write(documents(i, 100, "apples"));
    }
    var stop = new AtomicBoolean();
    var writer =
        CompletableFuture.runAsync(() -> {
          for (int round = 0; !stop.get(); round++) {
            namespace.write(documents(round * 37 % DOCUMENTS, 20, "pears"));
            namespace.deleteAll("d" + round * 53 % DOCUMENTS);
            namespace.write(documents(DOCUMENTS + round * 5, 5, "apples"));
            if (round % 3 == 0) {
              namespace.seal();
            }
            if (round % 5 == 0) {
              SERVER.api().post(namespace.path() + "/compact", "{\"scope\": \"all\"}").require(202);
            }
          }
        });
    try {
      for (String question :
          List.of(
              "\"q\": \"apples number\", \"mode\": \"keyword\"",
              "\"vector\": %s, \"mode\": \"semantic\"".formatted(Vectors8.of(-1)),
              "\"q\": \"apples\", \"vector\": %s".formatted(Vectors8.of(-2)),
              "\"q\": \"number\", \"sort\": [{\"field\": \"n\", \"order\": \"desc\"}]")) {
        var first = walk(namespace, question);
        var again = walk(namespace, question + ", \"as_of\": \"" + first.token() + "\"");

        assertThat(first.pages()).as(question).isGreaterThanOrEqualTo(40);
        assertThat(first.ids()).as(question).doesNotHaveDuplicates();
        assertThat(first.ids()).as(question).hasSize(count(namespace, first.token()));
        assertThat(again.ids()).as(question).isEqualTo(first.ids());
      }
    } finally {
      stop.set(true);
      writer.join();
    }
  }

  /**
   * Every document has the word "number" and a vector, so that every question finds all of them.
   */
  private static int count(NamespaceClient namespace, String token) {
    return namespace
        .search(
            "{\"q\": \"number\", \"mode\": \"keyword\", \"limit\": 1, \"as_of\": \""
                + token
                + "\"}")
        .at("/total/value")
        .asInt();
  }

  @Test
  void aWalkGoesOnAfterAKill() {
    var namespace = SERVER.api().namespace("walk").createWithClientVectors(200);
    namespace.write(documents(0, 60, "apples"));
    var first = namespace.search("{\"q\": \"apples\", \"mode\": \"keyword\", \"limit\": 20}");
    var second = next(namespace, "\"q\": \"apples\", \"mode\": \"keyword\", \"limit\": 20", first);
    namespace.write(documents(0, 60, "pears"));
    namespace.seal();

    var restarted = SERVER.killAndRestart().namespace("walk");
    var third = next(restarted, "\"q\": \"apples\", \"mode\": \"keyword\", \"limit\": 20", second);

    var ids = new ArrayList<String>();
    for (var page : List.of(first, second, third)) {
      page.path("hits").forEach(hit -> ids.add(hit.path("id").asString()));
    }
    assertThat(ids).hasSize(60).doesNotHaveDuplicates();
    assertThat(third.path("next_cursor").isNull() || third.path("next_cursor").isMissingNode())
        .isTrue();
  }

  @Test
  void aQuestionAboutThePastFindsTheOldText() {
    var api = SERVER.api();
    var namespace = api.namespace("past").createWithClientVectors(100);
    namespace.write(document(1, "apples"));
    namespace.write(document(1, "pears"));
    namespace.seal();

    assertThat(namespace.find("{\"q\": \"apples\", \"mode\": \"keyword\", \"as_of\": 1}"))
        .containsExactly("d1");
    assertThat(namespace.find("{\"q\": \"apples\", \"mode\": \"keyword\"}")).isEmpty();
    assertThat(api.get(namespace.path() + "/documents/d1?as_of=1").require(200).body())
        .contains("apples");
    assertThat(
            api.post(
                    namespace.path() + "/search",
                    "{\"q\": \"x\", \"mode\": \"keyword\", \"as_of\": 9}")
                .require(422)
                .body())
        .contains("min_commit");
    assertThat(
            api.post(
                    namespace.path() + "/search",
                    "{\"q\": \"x\", \"mode\": \"keyword\", \"min_commit\": 9, \"timeout_ms\": 200}")
                .require(504)
                .json()
                .path("code")
                .asString())
        .isEqualTo("deadline_exceeded");
  }

  @Test
  void aPastThatIsGoneIs410WithTheNearest() {
    var api = SERVER.api();
    var namespace =
        api.namespace("short")
            .create(
                """
                {"schema": {"vector": {"dimensions": 8, "source": "client"}},
                 "settings": {"retain_generations": "0s", "seal_age": "1h"}}
                """);
    namespace.write(document(1, "apples"));
    namespace.write(document(1, "pears"));
    namespace.seal();

    var gone =
        api.post(
                namespace.path() + "/search",
                "{\"q\": \"apples\", \"mode\": \"keyword\", \"as_of\": 1}")
            .require(410)
            .json();

    assertThat(gone.path("code").asString()).isEqualTo("snapshot_gone");
    assertThat(gone.at("/nearest/commits/0").asLong()).isEqualTo(2);
    assertThat(
            namespace.find(
                "{\"q\": \"pears\", \"mode\": \"keyword\", \"as_of\": \"%s\"}"
                    .formatted(gone.at("/nearest/token").asString())))
        .containsExactly("d1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"q\": \"pears\", \"mode\": \"keyword\"                          | q differ",
        "\"q\": \"apples\", \"mode\": \"keyword\", \"min_score\": 0.1     | min_score differ",
        "\"q\": \"apples\", \"mode\": \"keyword\", \"as_of\": 0           | as_of differ",
        "\"q\": \"apples\", \"mode\": \"keyword\", \"exact\": true        | exact differ",
      })
  void aCursorOfAnotherQuestionIsRefused(String question, String told) {
    var api = SERVER.api();
    var name = "refused_" + told.split(" ")[0];
    var namespace = api.namespace(name).createWithClientVectors(100);
    namespace.write(documents(0, 20, "apples"));
    var cursor =
        namespace
            .search("{\"q\": \"apples\", \"mode\": \"keyword\", \"limit\": 5}")
            .path("next_cursor")
            .asString();

    assertThat(refused(api, namespace, question, cursor)).contains(told);
    for (int i = 0; i < cursor.length(); i += 7) {
      var altered = new StringBuilder(cursor);
      altered.setCharAt(i, cursor.charAt(i) == 'A' ? 'B' : 'A');
      assertThat(refused(api, namespace, "\"q\": \"apples\", \"mode\": \"keyword\"", altered))
          .contains("not a cursor that this service issued");
    }
    var other = api.namespace(name + "_not").createWithClientVectors(100);
    assertThat(refused(api, other, "\"q\": \"apples\", \"mode\": \"keyword\"", cursor))
        .contains("another namespace");
  }

  private static String refused(
      Api api, NamespaceClient namespace, String question, CharSequence cursor) {
    var answer =
        api.post(
                namespace.path() + "/search",
                "{" + question + ", \"limit\": 5, \"cursor\": \"" + cursor + "\"}")
            .require(400);
    assertThat(answer.json().path("code").asString()).isEqualTo("invalid_cursor");
    return answer.body();
  }

  @Test
  void anExportIsWhatABulkUploadTakes() {
    var api = SERVER.api();
    var namespace = api.namespace("source").createWithClientVectors(100);
    namespace.write(documents(0, 150, "apples"));
    namespace.seal();
    var before = namespace.write(documents(140, 120, "apples")).at("/commit/token").asString();
    namespace.deleteAll("d3", "d200");

    var now = api.get(namespace.path() + "/export").require(200);
    var past = api.get(namespace.path() + "/export?as_of=" + before).require(200);

    assertThat(past.body().lines()).hasSize(260);
    assertThat(now.body().lines()).hasSize(258).isSorted();
    var copy = api.namespace("copy").createWithClientVectors(100);
    api.send(
            "POST",
            copy.path() + "/bulk",
            BodyPublishers.ofString(now.body()),
            "Content-Type",
            "application/x-ndjson")
        .require(200);
    assertThat(api.get(copy.path() + "/export").require(200).body()).isEqualTo(now.body());
    var question = "{\"q\": \"apples number\", \"vector\": %s, \"limit\": 50, \"exact\": true}";
    assertThat(copy.find(question.formatted(Vectors8.of(-3))))
        .isEqualTo(namespace.find(question.formatted(Vectors8.of(-3))));
    assertThat(
            api.get(namespace.path() + "/export?as_off=1")
                .require(400)
                .json()
                .path("code")
                .asString())
        .isEqualTo("unknown_field");
  }

  private static Walk walk(NamespaceClient namespace, String question) {
    var ids = new ArrayList<String>();
    var page = namespace.search("{" + question + ", \"limit\": 10}");
    var token = page.at("/snapshot/token").asString();
    int pages = 1;
    while (true) {
      assertThat(page.at("/snapshot/token").asString()).isEqualTo(token);
      page.path("hits").forEach(hit -> ids.add(hit.path("id").asString()));
      if (!page.path("next_cursor").isString()) {
        return new Walk(ids, pages, token);
      }
      page = next(namespace, question + ", \"limit\": 10", page);
      pages++;
    }
  }

  private static JsonNode next(NamespaceClient namespace, String question, JsonNode page) {
    return namespace.search(
        "{" + question + ", \"cursor\": \"" + page.path("next_cursor").asString() + "\"}");
  }

  private static String[] documents(int from, int count, String word) {
    var documents = new String[count];
    for (int i = 0; i < count; i++) {
      documents[i] = document(from + i, word);
    }
    return documents;
  }

  private static String document(int number, String word) {
    return String.format(
        Locale.ROOT,
        "{\"id\": \"d%d\", \"title\": \"Document\", \"text\": \"number %d %s\","
            + " \"attributes\": {\"n\": %d}, \"vector\": %s}",
        number,
        number,
        word.concat(" ").repeat(1 + number % 4),
        1900 + number % 50,
        Vectors8.of(number));
  }
}
