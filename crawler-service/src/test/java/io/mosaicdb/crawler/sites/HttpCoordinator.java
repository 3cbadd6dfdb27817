package io.mosaicdb.crawler.sites;

import io.mosaicdb.contract.document.WriteRequest;
import io.mosaicdb.contract.document.WriteResponse;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceBody;
import io.mosaicdb.contract.namespace.NamespaceCreated;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.crawler.index.CoordinatorApi;
import io.mosaicdb.starter.json.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A running MosaicDB, by its public address. */
final class HttpCoordinator implements CoordinatorApi {
  private static final JsonMapper JSON = StrictJson.mapper();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI address;

  HttpCoordinator(URI address) {
    this.address = address;
  }

  /** Makes a namespace that has room for all of a page, and is searched by words alone. */
  void createWordsOnly(String namespace) {
    var fields = new TreeMap<String, NamespaceRequest.FieldBody>();
    for (var name : List.of("title", "text", "headings", "description", "anchors")) {
      fields.put(
          name,
          new NamespaceRequest.FieldBody("text", 1.0, "en", null, null, null, null, null, null));
    }
    var schema =
        new NamespaceRequest.SchemaBody(
            fields, null, new NamespaceRequest.VectorBody(null, null, "none", null), true);
    var _ = create(namespace, new NamespaceRequest(schema, null));
  }

  @Override
  public NamespaceBody describe(String namespace) {
    return send("GET", namespace, "", null, null, NamespaceBody.class);
  }

  @Override
  public NamespaceCreated create(String namespace, NamespaceRequest request) {
    return send("PUT", namespace, "", null, request, NamespaceCreated.class);
  }

  @Override
  public WriteResponse write(String namespace, String idempotencyKey, WriteRequest request) {
    return send(
        "POST", namespace, "/documents?wait=visible", idempotencyKey, request, WriteResponse.class);
  }

  private <T> T send(
      String method,
      String namespace,
      String path,
      @Nullable String key,
      @Nullable Object body,
      Class<T> answer) {
    var request =
        HttpRequest.newBuilder(address.resolve("/v1/namespaces/" + namespace + path))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    try {
      var response = http.send(request.build(), BodyHandlers.ofByteArray());
      if (response.statusCode() >= 300) {
        throw new MosaicException(
            response.statusCode() == 404
                ? ErrorCode.NAMESPACE_NOT_FOUND
                : ErrorCode.ofStatus(response.statusCode()),
            new String(response.body(), java.nio.charset.StandardCharsets.UTF_8));
      }
      return JSON.readValue(response.body(), answer);
    } catch (IOException e) {
      throw new MosaicException(ErrorCode.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MosaicException(ErrorCode.SERVICE_UNAVAILABLE, "interrupted", e);
    }
  }
}
