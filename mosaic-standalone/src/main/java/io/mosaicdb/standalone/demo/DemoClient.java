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
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The public HTTP API, as far as the demo needs it. Safe for use by several threads. */
final class DemoClient implements AutoCloseable {
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(100);
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

  void deleteNamespace(String namespace) throws IOException, InterruptedException {
    deleted(namespacePath(namespace));
  }

  /** The newest crawl into the namespace. */
  Optional<JsonNode> findCrawl(String namespace) throws IOException, InterruptedException {
    JsonNode newest = null;
    for (JsonNode crawl : get("/v1/crawls").path("crawls")) {
      boolean newer =
          newest == null
              || crawl
                      .path("created_at")
                      .asString("")
                      .compareTo(newest.path("created_at").asString(""))
                  > 0;
      if (crawl.path("namespace").asString("").equals(namespace) && newer) {
        newest = crawl;
      }
    }
    return Optional.ofNullable(newest);
  }

  /** Begins a crawl and returns it as it is then. */
  JsonNode beginCrawl(Map<String, Object> crawl) throws IOException, InterruptedException {
    return post("/v1/crawls", crawl);
  }

  JsonNode crawl(String id) throws IOException, InterruptedException {
    return get("/v1/crawls/" + id);
  }

  void forgetCrawl(String id) throws IOException, InterruptedException {
    deleted("/v1/crawls/" + id);
  }

  /**
   * Has ranks computed and returns the run's result.
   *
   * @throws IOException when the run failed; the message says why
   */
  JsonNode rank(String namespace) throws IOException, InterruptedException {
    String id = post("/v1/pagerank", Map.of("namespace", namespace)).path("id").asString();
    while (true) {
      JsonNode run = get("/v1/pagerank/" + id);
      switch (run.path("state").asString("")) {
        case "succeeded" -> {
          return run.path("result");
        }
        case "failed", "canceled" ->
            throw new IOException("the ranks were not computed: " + run.path("error"));
        default -> Thread.sleep(POLL);
      }
    }
  }

  JsonNode search(String namespace, Map<String, Object> search)
      throws IOException, InterruptedException {
    return post(namespacePath(namespace) + "/search", search);
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return accepted(send(request(path).GET().build()));
  }

  private JsonNode post(String path, Map<String, Object> body)
      throws IOException, InterruptedException {
    var text = json.writeValueAsString(body);
    return accepted(send(json(path).POST(BodyPublishers.ofString(text)).build()));
  }

  private void deleted(String path) throws IOException, InterruptedException {
    var answer = send(request(path).DELETE().build());
    if (answer.statusCode() / 100 != 2 && answer.statusCode() != NOT_FOUND) {
      throw refused(answer);
    }
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
