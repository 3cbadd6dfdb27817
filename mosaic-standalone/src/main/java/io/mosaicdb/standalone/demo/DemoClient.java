package io.mosaicdb.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The public HTTP API, as far as the demo needs it. Safe for use by several threads. */
final class DemoClient implements AutoCloseable {
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int NOT_FOUND = 404;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final JsonMapper json = JsonMapper.builder().build();
  private final URI server;

  DemoClient(URI server) {
    this.server = server;
  }

  /** Whether the server answers and says that it is ready. */
  boolean isReady() throws InterruptedException {
    try {
      return send(request("/health").timeout(Duration.ofSeconds(2)).GET().build()).statusCode()
          == 200;
    } catch (IOException unreachable) {
      return false;
    }
  }

  /** Makes the namespace; one that is there and is the same stays as it is. */
  void create(String namespace, Map<String, Object> schema, Map<String, Object> settings)
      throws IOException, InterruptedException {
    var body = json.writeValueAsString(Map.of("schema", schema, "settings", settings));
    accepted(send(json(namespacePath(namespace)).PUT(BodyPublishers.ofString(body)).build()));
  }

  /** How many documents the namespace has; none when there is no such namespace. */
  long documents(String namespace) throws IOException, InterruptedException {
    var answer = send(request(namespacePath(namespace)).GET().build());
    return answer.statusCode() == NOT_FOUND ? 0 : accepted(answer).path("documents").asLong();
  }

  /**
   * Pushes documents as one NDJSON request, again after as long as the server asks when it is busy.
   *
   * @throws IOException when a document failed; the message says the first reason
   */
  void push(String namespace, List<JavadocPage> pages) throws IOException, InterruptedException {
    String lines =
        pages.stream()
            .map(page -> json.writeValueAsString(page.toDocument()))
            .collect(Collectors.joining("\n", "", "\n"));
    var request =
        request(namespacePath(namespace) + "/bulk")
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(lines))
            .build();
    var answer = send(request);
    while (answer.statusCode() == TOO_MANY_REQUESTS) {
      Thread.sleep(Duration.ofSeconds(answer.headers().firstValueAsLong("Retry-After").orElse(1)));
      answer = send(request);
    }
    if (answer.statusCode() != 200) {
      throw refused(answer);
    }
    for (String line : answer.body().lines().filter(text -> !text.isBlank()).toList()) {
      JsonNode result = json.readTree(line);
      if (result.path("status").asString("").equals("failed")) {
        throw new IOException(
            "document " + result.path("id").asString() + ": " + result.path("error"));
      }
    }
  }

  JsonNode search(String namespace, Map<String, Object> search)
      throws IOException, InterruptedException {
    var body = json.writeValueAsString(search);
    var request = json(namespacePath(namespace) + "/search").POST(BodyPublishers.ofString(body));
    return accepted(send(request.build()));
  }

  @Override
  public void close() {
    http.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.resolve(path)).timeout(LONGEST_WAIT);
  }

  private HttpRequest.Builder json(String path) {
    return request(path).header("Content-Type", "application/json");
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.ofString());
  }

  private JsonNode accepted(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() / 100 != 2) {
      throw refused(answer);
    }
    return json.readTree(answer.body());
  }

  private static IOException refused(HttpResponse<String> answer) {
    return new IOException(
        answer.request().method()
            + " "
            + answer.uri()
            + " was answered "
            + answer.statusCode()
            + ": "
            + answer.body());
  }

  private static String namespacePath(String namespace) {
    return "/v1/namespaces/" + URLEncoder.encode(namespace, StandardCharsets.UTF_8);
  }
}
