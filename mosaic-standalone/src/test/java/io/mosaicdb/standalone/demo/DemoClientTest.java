package io.mosaicdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoClientTest {
  private record Answer(int status, String body) {}

  private final Queue<Answer> answers = new ArrayDeque<>();
  private final List<String> received = new ArrayList<>();
  private HttpServer server;
  private DemoClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    client = new DemoClient(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"));
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void findsTheNewestCrawlIntoTheNamespace() throws Exception {
    answers.add(
        new Answer(
            200,
            """
            {"crawls": [
              {"id": "a", "namespace": "javadoc", "created_at": "2026-01-01T00:00:00Z"},
              {"id": "b", "namespace": "javadoc", "created_at": "2026-01-02T00:00:00Z"},
              {"id": "c", "namespace": "other", "created_at": "2026-01-03T00:00:00Z"}]}
            """));
    answers.add(new Answer(200, "{\"crawls\": []}"));

    assertThat(client.findCrawl("javadoc").orElseThrow().path("id").asString()).isEqualTo("b");
    assertThat(client.findCrawl("javadoc")).isEmpty();
  }

  @Test
  void waitsForRanks() throws Exception {
    answers.add(new Answer(202, "{\"id\": \"r1\", \"state\": \"enqueued\"}"));
    answers.add(new Answer(200, "{\"id\": \"r1\", \"state\": \"running\"}"));
    answers.add(
        new Answer(200, "{\"id\": \"r1\", \"state\": \"succeeded\", \"result\": {\"nodes\": 7}}"));

    assertThat(client.rank("javadoc").path("nodes").asInt()).isEqualTo(7);
    assertThat(received)
        .containsExactly(
            "POST /v1/pagerank {\"namespace\":\"javadoc\"}",
            "GET /v1/pagerank/r1 ",
            "GET /v1/pagerank/r1 ");
  }

  @Test
  void saysWhyThereAreNoRanks() {
    answers.add(new Answer(202, "{\"id\": \"r1\"}"));
    answers.add(
        new Answer(
            200, "{\"state\": \"failed\", \"error\": {\"detail\": \"no shard worker is known\"}}"));

    assertThatIOException()
        .isThrownBy(() -> client.rank("javadoc"))
        .withMessageContaining("no shard worker is known");
  }

  @Test
  void saysWhatWasRefused() {
    answers.add(new Answer(422, "{\"detail\": \"must have a seed\"}"));

    assertThatIOException()
        .isThrownBy(() -> client.beginCrawl(Map.of("namespace", "javadoc")))
        .withMessageContaining("POST")
        .withMessageContaining("422")
        .withMessageContaining("must have a seed");
  }

  @Test
  void countsNoDocumentsWhereThereIsNoNamespace() throws Exception {
    answers.add(new Answer(404, "{}"));
    answers.add(new Answer(200, "{\"documents\": 1964}"));

    assertThat(client.documents("javadoc")).isZero();
    assertThat(client.documents("javadoc")).isEqualTo(1964);
  }

  @Test
  void isNotReadyWhileTheServerSaysSo() throws Exception {
    answers.add(new Answer(503, "{}"));
    answers.add(new Answer(200, "{}"));

    assertThat(client.isReady()).isFalse();
    assertThat(client.isReady()).isTrue();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    received.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
    Answer answer = answers.remove();
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Retry-After", "0");
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
