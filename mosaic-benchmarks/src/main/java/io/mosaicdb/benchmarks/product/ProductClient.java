package io.mosaicdb.benchmarks.product;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the public interface. Safe for use by many threads. */
public final class ProductClient {
  private static final JsonMapper JSON = new JsonMapper();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI address;

  public ProductClient(URI address) {
    this.address = address;
  }

  /** Whether it answers and is well. */
  public boolean ready() throws InterruptedException {
    try {
      return http.send(request("/health").GET().build(), BodyHandlers.discarding()).statusCode()
          == 200;
    } catch (IOException _) {
      return false;
    }
  }

  public void create(String namespace, Object body) throws IOException, InterruptedException {
    var request =
        request("/v1/namespaces/" + namespace)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    var _ = send(request);
  }

  public void delete(String namespace) throws IOException, InterruptedException {
    var _ = send(request("/v1/namespaces/" + namespace).DELETE().build());
  }

  /** The namespace's description; a missing node if there is no such namespace. */
  public JsonNode describe(String namespace) throws IOException, InterruptedException {
    var request = request("/v1/namespaces/" + namespace).GET().build();
    var response = http.send(request, BodyHandlers.ofByteArray());
    return response.statusCode() == 404
        ? JSON.missingNode()
        : JSON.readTree(successful(request, response).body());
  }

  /** Writes the documents of a request's body. */
  public void write(String namespace, byte[] body, String wait)
      throws IOException, InterruptedException {
    var _ =
        send(
            request("/v1/namespaces/" + namespace + "/documents?wait=" + wait)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body))
                .build());
  }

  /**
   * Streams documents, one a line; the summary.
   *
   * @throws IOException if a line was refused
   */
  public JsonNode load(String namespace, BodyPublisher lines, String wait)
      throws IOException, InterruptedException {
    var request =
        request("/v1/namespaces/" + namespace + "/bulk?wait=" + wait)
            .header("Content-Type", "application/x-ndjson")
            .POST(lines)
            .build();
    var response = http.send(request, BodyHandlers.ofLines());
    String failure = null;
    String last = "";
    try (var results = response.body()) {
      for (var line : (Iterable<String>) results::iterator) {
        if (failure == null && (response.statusCode() != 200 || line.contains("\"failed\",\""))) {
          failure = line;
        }
        last = line;
      }
    }
    if (failure != null) {
      throw new IOException("bulk into " + namespace + " failed: " + failure);
    }
    var summary = JSON.readTree(last).path("summary");
    if (summary.path("failed").asLong(-1) != 0) {
      throw new IOException("bulk into " + namespace + " failed: " + last);
    }
    return summary;
  }

  /** The answer as bytes: what a load test reads. */
  public byte[] search(String namespace, byte[] body) throws IOException, InterruptedException {
    var request =
        request("/v1/namespaces/" + namespace + "/search")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return send(request);
  }

  public JsonNode search(String namespace, Map<String, ?> body)
      throws IOException, InterruptedException {
    return JSON.readTree(search(namespace, JSON.writeValueAsBytes(body)));
  }

  /** The answer of a GET. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(send(request(path).GET().build()));
  }

  /** The answer of a POST with a body in JSON. */
  public JsonNode post(String path, Map<String, ?> body) throws IOException, InterruptedException {
    var request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    return JSON.readTree(send(request));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.resolve(path));
  }

  private byte[] send(HttpRequest request) throws IOException, InterruptedException {
    return successful(request, http.send(request, BodyHandlers.ofByteArray())).body();
  }

  private static HttpResponse<byte[]> successful(HttpRequest request, HttpResponse<byte[]> response)
      throws IOException {
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          "%s %s: %d %s"
              .formatted(
                  request.method(),
                  request.uri(),
                  response.statusCode(),
                  new String(response.body(), java.nio.charset.StandardCharsets.UTF_8)));
    }
    return response;
  }
}
