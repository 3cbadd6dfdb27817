package io.mosaicdb.coordinator.search;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mosaicdb.contract.error.ErrorCategory;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.contract.search.SearchResponse.CoverageBody;
import io.mosaicdb.contract.search.SearchResponse.DegradedBody;
import io.mosaicdb.contract.search.SearchResponse.TimingsBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.Receipt;
import io.mosaicdb.coordinator.cache.CacheKey;
import io.mosaicdb.coordinator.cache.Kept;
import io.mosaicdb.coordinator.cache.TieredCache;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.starter.request.RequestId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers that were given before, as long as they are what the search would find now. A kept answer
 * carries a receipt of each worker for the snapshot that it was read from; before it is given
 * again, every worker is asked whether that is still what a search would read, which costs it
 * nothing. So a write is seen by the very next search, whoever wrote, and nothing has to be told
 * about it.
 *
 * <p>Only whole answers are kept: all shards, nothing degraded. Requests that look at the making of
 * an answer ({@code explain}), at a moment of their own ({@code as_of}, {@code cursor}), at the
 * clock ({@code boost.recency}) or at somebody else's opinion ({@code rerank}) are always answered
 * anew. Thread-safe.
 */
final class AnswerCache {
  /** Changes with what a request means, so that older answers are not found. */
  private static final byte[] VERSION = {2};

  private static final byte[] NOTHING = {};
  private final TieredCache<KeptAnswer> kept;
  private final WorkerTopology topology;
  private final FanOut fanOut;
  private final JsonMapper canonical;
  private final Counter hits;
  private final Counter misses;
  private final Counter outdated;
  private final Counter stale;

  /** What of a request does not change its answer, or is part of the key by other means. */
  @JsonIgnoreProperties({"vector", "min_commit", "allow_partial", "stale_if_error"})
  private abstract static class KeyParts {}

  AnswerCache(
      TieredCache<KeptAnswer> kept,
      WorkerTopology topology,
      FanOut fanOut,
      JsonMapper mapper,
      MeterRegistry meters) {
    this.kept = kept;
    this.topology = topology;
    this.fanOut = fanOut;
    this.canonical =
        mapper
            .rebuild()
            .addMixIn(SearchRequest.class, KeyParts.class)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    this.hits = searches("hit", meters);
    this.misses = searches("miss", meters);
    this.outdated = searches("outdated", meters);
    this.stale = searches("stale", meters);
    Gauge.builder("mosaic.cache.hit.ratio", this, AnswerCache::hitRatio)
        .description("Part of what was asked for that had been kept, since the start")
        .tag("cache", "search")
        .register(meters);
  }

  private static Counter searches(String result, MeterRegistry meters) {
    return Counter.builder("mosaic.search.cache")
        .description("Searches that may be answered from the cache, by what came of it")
        .tag("result", result)
        .register(meters);
  }

  /**
   * The name of the request's answer; nothing for one that is always made anew.
   *
   * @param refinement what is asked beyond the request
   */
  Optional<CacheKey> keyOf(NamespaceName namespace, SearchRequest request, String refinement) {
    boolean recency = request.boost() != null && request.boost().recency() != null;
    if (Boolean.TRUE.equals(request.explain())
        || request.cursor() != null
        || request.asOf() != null
        || request.rerank() != null
        || recency) {
      return Optional.empty();
    }
    var vector = request.vector();
    return Optional.of(
        CacheKey.of(
            VERSION,
            namespace.value().getBytes(StandardCharsets.UTF_8),
            canonical.writeValueAsBytes(request),
            vector == null ? NOTHING : Vectors.toBytes(vector),
            refinement.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The answer that a search would give now, if it is kept.
   *
   * @param start when the request came, in {@link System#nanoTime}
   */
  Optional<SearchResponse> find(
      CacheKey key, NamespaceName namespace, SearchRequest request, Duration patience, long start) {
    var found = kept.find(key);
    if (found.isEmpty()) {
      misses.increment();
      return Optional.empty();
    }
    if (!isWhatASearchWouldFind(found.get().value(), namespace, request, patience)) {
      outdated.increment();
      return Optional.empty();
    }
    hits.increment();
    kept.used(key, found.get());
    return Optional.of(again(found.get().value().answer(), start));
  }

  private boolean isWhatASearchWouldFind(
      KeptAnswer answer, NamespaceName namespace, SearchRequest request, Duration patience) {
    try {
      var snapshot = answer.answer().snapshot();
      if (request.minCommit() != null) {
        var wanted =
            Position.parse(
                request.minCommit(), namespace, snapshot.partitions().size(), "/min_commit");
        for (var commit : wanted.commits().entrySet()) {
          var read = snapshot.partitions().get(String.valueOf(commit.getKey()));
          if (read == null || read.commitSeq() < commit.getValue()) {
            return false;
          }
        }
      }
      var owners = topology.ownersOf(snapshot.partitions().size());
      if (owners.size() != answer.receipts().size()) {
        return false;
      }
      var calls = new ArrayList<Future<Boolean>>(owners.size());
      for (int i = 0; i < owners.size(); i++) {
        var api = owners.get(i).worker().api();
        var receipt = new Receipt(answer.receipts().get(i));
        calls.add(fanOut.start(() -> api.unchanged(namespace.value(), receipt).unchanged()));
      }
      boolean unchanged = true;
      for (var call : calls) {
        unchanged &= FanOut.await(call, patience, "asking whether anything has changed");
      }
      return unchanged;
    } catch (MosaicException e) {
      // The search itself will say what is wrong.
      return false;
    }
  }

  /** Keeps an answer that is whole. */
  void keep(CacheKey key, SearchResponse answer, List<String> receipts) {
    if (answer.coverage().full() && answer.coverage().degraded().isEmpty()) {
      kept.put(key, new KeptAnswer(answer, receipts));
    }
  }

  /** An older answer in place of a failure that is not the request's own. */
  Optional<SearchResponse> findStale(CacheKey key, MosaicException failure, long start) {
    if (failure.code().category() == ErrorCategory.USER) {
      return Optional.empty();
    }
    var found = kept.find(key).map(Kept::value);
    found.ifPresent(_ -> stale.increment());
    return found.map(each -> stale(again(each.answer(), start), failure));
  }

  private static SearchResponse again(SearchResponse answer, long start) {
    double took = Math.round((System.nanoTime() - start) / 1_000.0) / 1_000.0;
    return new SearchResponse(
        answer.hits(),
        answer.total(),
        answer.facets(),
        answer.nextCursor(),
        answer.snapshot(),
        answer.coverage(),
        took,
        new TimingsBody(0, took, 0, 0, 0),
        answer.plan(),
        answer.routing(),
        answer.didYouMean(),
        null,
        "hit",
        RequestId.currentOrNew());
  }

  private static SearchResponse stale(SearchResponse answer, MosaicException failure) {
    return new SearchResponse(
        answer.hits(),
        answer.total(),
        answer.facets(),
        answer.nextCursor(),
        answer.snapshot(),
        new CoverageBody(
            answer.coverage().full(),
            answer.coverage().shards(),
            List.of(new DegradedBody(failure.code().code(), failure.detail()))),
        answer.tookMs(),
        answer.timings(),
        answer.plan(),
        answer.routing(),
        answer.didYouMean(),
        true,
        answer.cache(),
        answer.requestId());
  }

  /** Answers that were kept, of all that could have been. */
  double hitRatio() {
    double found = hits.count();
    double all = found + misses.count() + outdated.count();
    return all == 0 ? 0 : found / all;
  }

  List<TieredCache.TierSize> sizes() {
    return kept.sizes();
  }

  long hits() {
    return (long) hits.count();
  }

  long misses() {
    return (long) (misses.count() + outdated.count());
  }
}
