package io.mosaicdb.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server that speaks OpenAI's embeddings interface: a text is placed by how often it has each of
 * eight letters, or of twelve by its larger model. It can be stopped and started again on its port.
 */
final class EmbeddingStub implements AutoCloseable {
  /** The model whose vectors have four numbers more. */
  static final String LARGER = "more-letters";

  private static final String LETTERS = "aeioustr";
  private static final String MORE_LETTERS = LETTERS + "nlcd";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** One request as it came. */
  record Call(String method, String path, String authorization, JsonNode body) {}

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final int port;
  private HttpServer server;
  private volatile String heldModel = "";
  private volatile CountDownLatch gate = new CountDownLatch(0);

  EmbeddingStub() throws IOException {
    server = start(0);
    port = server.getAddress().getPort();
  }

  private HttpServer start(int on) throws IOException {
    var started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), on), 50);
    started.createContext("/", this::answer);
    started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    started.start();
    return started;
  }

  String address() {
    return "http://127.0.0.1:" + port + "/v1";
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** From here on connections are refused. */
  void stop() {
    server.stop(0);
  }

  void restart() throws IOException {
    server = start(port);
  }

  /** From here on requests are taken and not answered. */
  void hold() {
    gate = new CountDownLatch(1);
  }

  /** From here on requests of that model are taken and not answered. */
  void hold(String model) {
    heldModel = model;
    hold();
  }

  /** Answers what was held. */
  void release() {
    gate.countDown();
    heldModel = "";
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = JSON.readTree(exchange.getRequestBody().readAllBytes());
      calls.add(
          new Call(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
              body));
      var model = body.path("model").asString("");
      var held = heldModel;
      if (held.isEmpty() || held.equals(model)) {
        awaitRelease();
      }
      var letters = model.equals(LARGER) ? MORE_LETTERS : LETTERS;
      var input = body.path("input");
      var data =
          IntStream.range(0, input.size())
              .mapToObj(i ->
                  "{\"object\": \"embedding\", \"index\": %d, \"embedding\": %s}"
                      .formatted(i, vector(letters, input.get(i).asString())))
              .collect(Collectors.joining(",", "{\"object\": \"list\", \"data\": [", "]}"));
      var bytes = data.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void awaitRelease() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String vector(String letters, String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    return letters
        .chars()
        .mapToObj(
            letter -> Float.toString(0.1f + lower.chars().filter(each -> each == letter).count()))
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Override
  public void close() {
    stop();
  }
}
