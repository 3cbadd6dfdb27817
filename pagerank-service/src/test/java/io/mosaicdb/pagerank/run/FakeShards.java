package io.mosaicdb.pagerank.run;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.AliasBody;
import io.mosaicdb.contract.namespace.AliasList;
import io.mosaicdb.contract.namespace.NamespaceBody;
import io.mosaicdb.contract.namespace.NamespaceList;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.contract.worker.ShardWorkerApi;
import io.mosaicdb.contract.worker.ShardWorkerApi.AuthorityBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.LinkTarget;
import io.mosaicdb.contract.worker.ShardWorkerApi.LinkingDocument;
import io.mosaicdb.contract.worker.ShardWorkerApi.LinksRequest;
import io.mosaicdb.contract.worker.ShardWorkerApi.LinksResponse;
import io.mosaicdb.contract.worker.ShardWorkerApi.RanksBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.RanksDescription;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A worker with one namespace, "wiki", in memory: what a computation asks of one, nothing else. */
final class FakeShards {
  static final String NAMESPACE = "wiki";
  private final List<TreeMap<String, LinkingDocument>> partitions = new ArrayList<>();
  private final Map<String, Map<String, Double>> sent = new HashMap<>();
  private Map<String, Double> published = Map.of();
  private final Map<String, Double> gathering = new HashMap<>();
  private @Nullable RanksDescription description;
  private long commit = 1;
  final AtomicInteger pages = new AtomicInteger();

  FakeShards(int count) {
    for (int i = 0; i < count; i++) {
      partitions.add(new TreeMap<>());
    }
  }

  synchronized void put(String id, @Nullable String url, LinkTarget... links) {
    partitions
        .get(Math.floorMod(id.hashCode(), partitions.size()))
        .put(id, new LinkingDocument(id, url, List.of(links)));
    commit++;
  }

  static LinkTarget to(String url) {
    return new LinkTarget(url, null);
  }

  /** The ranks in force. */
  synchronized Map<String, Double> ranks() {
    return published;
  }

  synchronized @Nullable RanksDescription description() {
    return description;
  }

  ShardWorkerApi api() {
    return (ShardWorkerApi)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ShardWorkerApi.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "namespaces" -> new NamespaceList(List.of(body()));
                  case "aliases" ->
                      new AliasList(List.of(new AliasBody("encyclopedia", NAMESPACE, null)));
                  case "namespace" -> named(String.valueOf(arguments[0]));
                  case "links" -> links((int) arguments[1], (LinksRequest) arguments[2]);
                  case "addRanks" -> add((int) arguments[1], (RanksBody) arguments[3]);
                  case "publishRanks" ->
                      publish((int) arguments[1], (RanksDescription) arguments[3]);
                  case "discardRanks" -> null;
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" ->
                      System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                  case "toString" -> "fake shards";
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private NamespaceBody named(String name) {
    if (!name.equals(NAMESPACE)) {
      throw new MosaicException(
          ErrorCode.NAMESPACE_NOT_FOUND, "namespace '" + name + "' does not exist");
    }
    return body();
  }

  private NamespaceBody body() {
    return new NamespaceBody(
        NAMESPACE,
        new NamespaceRequest.SchemaBody(null, null, null, null),
        new NamespaceRequest.SettingsBody(partitions.size(), 1, null, null, null, null, null),
        0,
        0,
        0,
        0,
        Map.of(),
        null,
        0);
  }

  private synchronized LinksResponse links(int partition, LinksRequest request) {
    var documents = partitions.get(partition);
    var after = request.after();
    if (request.limit() > 0) {
      pages.incrementAndGet();
    }
    return new LinksResponse(
        commit,
        (after == null ? documents : documents.tailMap(after, false))
            .values().stream().limit(request.limit()).toList());
  }

  private synchronized @Nullable Object add(int partition, RanksBody ranks) {
    var target = sent.computeIfAbsent(Integer.toString(partition), _ -> new HashMap<>());
    for (int i = 0; i < ranks.ids().size(); i++) {
      target.put(ranks.ids().get(i), ranks.ranks()[i]);
    }
    return null;
  }

  private synchronized AuthorityBody publish(int partition, RanksDescription described) {
    var ranks = sent.remove(Integer.toString(partition));
    if (ranks != null) {
      if (ranks.size() != described.documents()) {
        throw new IllegalStateException("not all ranks were sent");
      }
      gathering.putAll(ranks);
    }
    if (partition == partitions.size() - 1) {
      published = Map.copyOf(gathering);
      gathering.clear();
    }
    description = described;
    return new AuthorityBody(partition, 1, described.documents());
  }
}
