package io.mosaicdb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class GatewayTest {
  private static final String SECRET = "a-secret-of-enough-letters";
  private static final String KEY = "a-key-of-enough-letters";

  private static final Map<String, String> LAST = new ConcurrentHashMap<>();
  private static final CountDownLatch FIRST_LINE_SEEN = new CountDownLatch(1);
  private static HttpServer coordinator;
  private static ConfigurableApplicationContext context;
  private static URI base;
  private static HttpClient http;
  private static String dead;

  @BeforeAll
  static void start() throws IOException {
    coordinator = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    coordinator.createContext("/", GatewayTest::echo);
    coordinator.createContext("/v1/stream", GatewayTest::stream);
    coordinator.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
    coordinator.start();
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      dead = "http://127.0.0.1:" + socket.getLocalPort();
    }
    context =
        gateway(
            "--mosaic.discovery.static.coordinator-service[0]=" + dead,
            "--mosaic.discovery.static.coordinator-service[1]=http://127.0.0.1:"
                + coordinator.getAddress().getPort(),
            "--mosaic.discovery.static.crawler-service[0]=" + dead,
            "--mosaic.gateway.routing.max-request-size=64KB",
            "--mosaic.gateway.security.api-keys[0]=" + KEY);
    base =
        URI.create(
            "http://127.0.0.1:"
                + context.getEnvironment().getRequiredProperty("local.server.port"));
    http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void stop() {
    context.close();
    coordinator.stop(0);
    http.close();
  }

  private static ConfigurableApplicationContext gateway(String... arguments) {
    return GatewayApplication.app()
        .properties("mosaic.internal.secret=" + SECRET)
        .initializers(starting ->
            starting
                .getEnvironment()
                .getPropertySources()
                .addFirst(
                    new org.springframework.core.env.MapPropertySource(
                        "test", Map.of("server.port", 0))))
        .run(arguments);
  }

  @Test
  void passesARequestOnAsItIs() throws Exception {
    for (int i = 0; i < 3; i++) {
      var response =
          send(
              request("/v1/namespaces/docs/documents/a%2Fb?wait=visible&q=%C3%A9+x")
                  .header("X-Request-Id", "req-1")
                  .header("Idempotency-Key", "k")
                  .POST(HttpRequest.BodyPublishers.ofString("{\"a\": 1}")));

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("{\"a\": 1}");
      assertThat(response.headers().allValues("X-Request-Id")).containsExactly("req-1");
      assertThat(LAST.get("path"))
          .startsWith("/v1/namespaces/docs/documents/a%2Fb?wait=visible&q=%C3%A9");
      assertThat(LAST)
          .containsEntry("X-Request-Id", "req-1")
          .containsEntry("Idempotency-Key", "k")
          .containsEntry("X-Mosaic-Service-Secret", SECRET)
          .doesNotContainKey("Authorization");
    }
  }

  @Test
  void refusesThoseWithoutAKey() throws Exception {
    for (var authorization : new String[] {"Bearer wrong", "Basic " + KEY, "Bearer " + KEY + "x"}) {
      var refused =
          send(
              HttpRequest.newBuilder(base.resolve("/v1/namespaces"))
                  .header("Authorization", authorization)
                  .GET());
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body()).contains("\"code\":\"unauthorized\"");
      assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
    }
    assertThat(send(HttpRequest.newBuilder(base.resolve("/")).GET()).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesBodiesThatAreTooLarge() throws Exception {
    var large = new byte[65 * 1024];

    var announced = send(request("/v1/x").POST(HttpRequest.BodyPublishers.ofByteArray(large)));
    var streamed =
        send(
            request("/v1/x")
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(large))));
    var bulk = send(request("/v1/x/bulk").POST(HttpRequest.BodyPublishers.ofByteArray(large)));

    assertThat(announced.statusCode()).isEqualTo(413);
    assertThat(announced.body()).contains("payload_too_large").contains("65536");
    assertThat(streamed.statusCode()).isEqualTo(413);
    assertThat(bulk.statusCode()).isEqualTo(200);
  }

  @Test
  void answersHonestlyWhenNoInstanceCanBeReached() throws Exception {
    var response = send(request("/v1/crawls").POST(HttpRequest.BodyPublishers.ofString("{}")));

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("no instance of crawler-service can be reached");
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void handsOutAStreamLineByLine() throws Exception {
    var response =
        http.send(request("/v1/stream").GET().build(), HttpResponse.BodyHandlers.ofInputStream());
    var reader =
        new java.io.BufferedReader(
            new java.io.InputStreamReader(response.body(), StandardCharsets.UTF_8));

    assertThat(reader.readLine()).isEqualTo("{\"line\":1}");
    FIRST_LINE_SEEN.countDown();
    assertThat(reader.readLine()).isEqualTo("{\"line\":2}");
  }

  @Test
  void answersUnknownAddressesAndHealthItself() throws Exception {
    var unknown = send(request("/nowhere").GET());
    var health = send(HttpRequest.newBuilder(base.resolve("/health")).GET());

    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("\"code\":\"not_found\"");
    assertThat(health.body()).contains("\"router\"").contains("\"crawler\"");
  }

  @Test
  void doesNotOpenToTheNetworkWithoutKeys(CapturedOutput output) {
    assertThatThrownBy(() -> gateway("--server.address=0.0.0.0")).isNotNull();

    assertThat(output)
        .contains("without API keys")
        .contains("mosaic.gateway.security.api-keys[0]")
        .contains("mosaic.gateway.security.allow-anonymous=true");
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .header("Authorization", "Bearer " + KEY)
        .header("Content-Type", "application/json");
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void echo(HttpExchange exchange) throws IOException {
    LAST.clear();
    LAST.put("path", exchange.getRequestURI().toString());
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> LAST.put(spelled(name), values.getFirst()));
    byte[] body;
    try (InputStream in = exchange.getRequestBody()) {
      body = in.readAllBytes();
    }
    exchange.getResponseHeaders().set("X-Request-Id", String.valueOf(LAST.get("X-Request-Id")));
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private static void stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
    exchange.sendResponseHeaders(200, 0);
    try (var out = exchange.getResponseBody()) {
      out.write("{\"line\":1}\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      FIRST_LINE_SEEN.await();
      out.write("{\"line\":2}\n".getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String spelled(String header) {
    for (var known :
        new String[] {
          "X-Request-Id", "Idempotency-Key", "X-Mosaic-Service-Secret", "Authorization"
        }) {
      if (known.equalsIgnoreCase(header)) {
        return known;
      }
    }
    return header;
  }
}
