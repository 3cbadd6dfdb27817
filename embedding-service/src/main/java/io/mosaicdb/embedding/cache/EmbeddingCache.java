package io.mosaicdb.embedding.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mosaicdb.contract.embedding.EmbeddingVector;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Vectors by the hash of their texts, limited by number and by bytes; the one that was asked for
 * the longest time ago goes first, exactly. Safe for use by several threads.
 *
 * <p>Of several requests for one text at a time, one computes and the others wait for it: {@link
 * #claim} tells a caller whether it is the one. Failures are not kept.
 */
public final class EmbeddingCache {
  /** Key, map entry and object headers, as measured on a 64-bit JVM with compressed pointers. */
  static final int OVERHEAD_BYTES = 160;

  private final long maxEntries;
  private final long maxBytes;
  private final Counter hits;
  private final Counter misses;
  private final LinkedHashMap<CacheKey, EmbeddingVector> vectors =
      new LinkedHashMap<>(16, 0.75f, true);
  private final Map<CacheKey, CompletableFuture<EmbeddingVector>> computing = new HashMap<>();
  private long bytes;

  /**
   * @param maxEntries 0 keeps nothing
   * @param maxBytes of heap, vectors and their bookkeeping
   */
  public EmbeddingCache(long maxEntries, long maxBytes, MeterRegistry meters) {
    this.maxEntries = maxEntries;
    this.maxBytes = maxBytes;
    hits = requests("hit", meters);
    misses = requests("miss", meters);
    Gauge.builder("mosaic.embedding.cache.entries", this, EmbeddingCache::size)
        .description("Vectors in the embedding cache")
        .register(meters);
    Gauge.builder("mosaic.cache.hit.ratio", this, EmbeddingCache::hitRatio)
        .description("Part of what was asked for that had been kept, since the start")
        .tag("cache", "embedding")
        .register(meters);
  }

  private double hitRatio() {
    double asked = hits.count() + misses.count();
    return asked == 0 ? 0 : hits.count() / asked;
  }

  /**
   * A vector or the promise of one.
   *
   * @param owned the caller must complete the promise, with a vector or an exception; others may be
   *     waiting for it
   */
  public record Claim(CompletableFuture<EmbeddingVector> vector, boolean owned) {}

  public synchronized Claim claim(CacheKey key) {
    EmbeddingVector known = vectors.get(key);
    if (known != null) {
      hits.increment();
      return new Claim(CompletableFuture.completedFuture(known), false);
    }
    CompletableFuture<EmbeddingVector> running = computing.get(key);
    if (running != null) {
      hits.increment();
      return new Claim(running, false);
    }
    misses.increment();
    var promise = new KeptPromise(key);
    computing.put(key, promise);
    return new Claim(promise, true);
  }

  /** Puts its vector into the cache before anybody who waits for it goes on. */
  private final class KeptPromise extends CompletableFuture<EmbeddingVector> {
    private final CacheKey key;

    KeptPromise(CacheKey key) {
      this.key = key;
    }

    @Override
    public boolean complete(EmbeddingVector vector) {
      settle(key, vector);
      return super.complete(vector);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
      settle(key, null);
      return super.completeExceptionally(failure);
    }
  }

  synchronized int size() {
    return vectors.size();
  }

  private synchronized void settle(CacheKey key, @Nullable EmbeddingVector vector) {
    computing.remove(key);
    if (vector == null) {
      return;
    }
    EmbeddingVector before = vectors.put(key, vector);
    bytes += weight(vector) - (before == null ? 0 : weight(before));
    var oldest = vectors.values().iterator();
    while (vectors.size() > maxEntries || bytes > maxBytes) {
      bytes -= weight(oldest.next());
      oldest.remove();
    }
  }

  private static long weight(EmbeddingVector vector) {
    return OVERHEAD_BYTES + (long) vector.dimensions() * Float.BYTES;
  }

  private static Counter requests(String result, MeterRegistry meters) {
    return Counter.builder("mosaic.embedding.cache.requests")
        .description("Texts looked for in the embedding cache")
        .tag("result", result)
        .register(meters);
  }
}
