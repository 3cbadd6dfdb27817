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
  void pushesAgainAfterABusyAnswer() throws Exception {
    answers.add(new Answer(429, "{}"));
    answers.add(new Answer(200, "{\"line\":1,\"id\":\"a\",\"status\":\"created\"}\n"));

    client.push("javadoc", List.of(page()));

    assertThat(received).hasSize(2);
    assertThat(received.getFirst())
        .startsWith("POST /v1/namespaces/javadoc/bulk {\"id\":\"acme:org.acme.Tile\"")
        .endsWith("}\n");
    assertThat(received.getLast()).isEqualTo(received.getFirst());
  }

  @Test
  void saysWhichDocumentFailedAndWhy() {
    answers.add(
        new Answer(
            200,
            "{\"line\":1,\"id\":\"a\",\"status\":\"failed\","
                + "\"error\":{\"code\":\"embedder_unavailable\"}}\n"));

    assertThatIOException()
        .isThrownBy(() -> client.push("javadoc", List.of(page())))
        .withMessageContaining("document a: ")
        .withMessageContaining("embedder_unavailable");
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

  private static JavadocPage page() {
    return new JavadocPage(
        "acme:org.acme.Tile",
        "Tile",
        "A piece of stone.",
        "https://javadoc.io/static/org.acme/acme/1.0/org/acme/Tile.html",
        "acme",
        "class",
        "org.acme",
        null,
        false,
        0,
        List.of());
  }
}
