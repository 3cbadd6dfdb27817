package io.mosaicdb.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The product's HTTP interface, as any client sees it. */
final class Api {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI address;

  Api(URI address) {
    this.address = address;
  }

  URI address() {
    return address;
  }

  Answer get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  Answer delete(String path, String... headers) {
    return send("DELETE", path, BodyPublishers.noBody(), headers);
  }

  Answer post(String path, String json, String... headers) {
    return json("POST", path, json, headers);
  }

  Answer put(String path, String json, String... headers) {
    return json("PUT", path, json, headers);
  }

  Answer patch(String path, String json, String... headers) {
    return json("PATCH", path, json, headers);
  }

  private Answer json(String method, String path, String json, String... headers) {
    var all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = "application/json";
    return send(method, path, BodyPublishers.ofString(json), all);
  }

  /**
   * @param headers names and values in turn
   */
  Answer send(String method, String path, BodyPublisher body, String... headers) {
    try {
      return sendOrFail(method, path, body, headers);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    }
  }

  /** For a server that may be killed meanwhile. */
  Answer sendOrFail(String method, String path, BodyPublisher body, String... headers)
      throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(address + path)).timeout(LIMIT).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      var response = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(
          method + " " + path, response.statusCode(), response.headers(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Whether the address gives 200 by now. */
  boolean answers(String path) {
    try {
      return sendOrFail("GET", path, BodyPublishers.noBody()).status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  NamespaceClient namespace(String name) {
    return new NamespaceClient(this, name);
  }
}
