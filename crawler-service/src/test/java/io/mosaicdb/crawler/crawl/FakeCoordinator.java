package io.mosaicdb.crawler.crawl;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.document.WriteRequest;
import io.mosaicdb.contract.document.WriteResponse;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceBody;
import io.mosaicdb.contract.namespace.NamespaceCreated;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.crawler.index.CoordinatorApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An index in memory. */
final class FakeCoordinator implements CoordinatorApi {
  private final SortedMap<String, DocumentBody> documents = new TreeMap<>();
  private final Map<String, Integer> writes = new HashMap<>();
  private @Nullable NamespaceRequest namespace;
  private boolean down;

  synchronized void down(boolean now) {
    down = now;
  }

  synchronized SortedMap<String, DocumentBody> documents() {
    return new TreeMap<>(documents);
  }

  synchronized DocumentBody document(String id) {
    return java.util.Objects.requireNonNull(documents.get(id), id);
  }

  synchronized int writesOf(String id) {
    return writes.getOrDefault(id, 0);
  }

  private void requireUp() {
    if (down) {
      throw new MosaicException(ErrorCode.EMBEDDER_UNAVAILABLE, "the embedder is away");
    }
  }

  @Override
  public synchronized NamespaceBody describe(String name) {
    requireUp();
    if (namespace == null || namespace.schema() == null) {
      throw new MosaicException(ErrorCode.NAMESPACE_NOT_FOUND, "there is none");
    }
    return new NamespaceBody(
        name,
        namespace.schema(),
        new NamespaceRequest.SettingsBody(1, 1, "local", "24h", 1000, "1m", Map.of()),
        0,
        0,
        0,
        0,
        Map.of(),
        null,
        0);
  }

  @Override
  public synchronized NamespaceCreated create(String name, NamespaceRequest request) {
    requireUp();
    namespace = request;
    return new NamespaceCreated(name, true);
  }

  @Override
  public synchronized WriteResponse write(String name, String key, WriteRequest request) {
    requireUp();
    var results = new ArrayList<WriteResponse.Result>();
    if (request.documents() != null) {
      for (var document : request.documents()) {
        var id = String.valueOf(document.id());
        documents.put(id, document);
        writes.merge(id, 1, Integer::sum);
        results.add(new WriteResponse.Result(id, "created", 1L, null));
      }
    }
    for (var id : request.deletes() == null ? List.<String>of() : request.deletes()) {
      documents.remove(id);
      results.add(new WriteResponse.Result(id, "deleted", 1L, null));
    }
    return new WriteResponse(results, null);
  }
}
