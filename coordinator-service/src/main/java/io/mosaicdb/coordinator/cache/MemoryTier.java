package io.mosaicdb.coordinator.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Values as objects on the heap, bounded by their estimated size; Caffeine decides what goes. */
public final class MemoryTier<V> implements CacheTier<V> {
  private final InstantSource clock;
  private final Cache<CacheKey, Kept<V>> values;

  /**
   * @param weigher bytes of a value on the heap, about
   */
  public MemoryTier(long maxBytes, ToIntFunction<V> weigher, InstantSource clock) {
    this.clock = clock;
    this.values =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((CacheKey _, Kept<V> kept) -> Math.max(1, weigher.applyAsInt(kept.value())))
            .expireAfter(
                Expiry.<CacheKey, Kept<V>>writing(
                    (_, kept) -> Duration.between(clock.instant(), kept.expiresAt())))
            .ticker(() -> clock.millis() * 1_000_000)
            .executor(Runnable::run)
            .build();
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Optional<Kept<V>> find(CacheKey key) {
    var found = values.getIfPresent(key);
    return found == null || !found.expiresAt().isAfter(clock.instant())
        ? Optional.empty()
        : Optional.of(found);
  }

  @Override
  public boolean mayHave(CacheKey key) {
    return values.asMap().containsKey(key);
  }

  @Override
  public void put(CacheKey key, Kept<V> kept) {
    values.put(key, kept);
  }

  @Override
  public void putAll(Map<CacheKey, Kept<V>> entries) {
    values.putAll(entries);
  }

  @Override
  public Map<CacheKey, Kept<V>> passing() {
    var passing = new HashMap<>(values.asMap());
    passing.values().removeIf(kept -> !kept.expiresAt().isAfter(clock.instant()));
    return passing;
  }

  @Override
  public void used(CacheKey key, Kept<V> kept) {
    values
        .asMap()
        .computeIfPresent(
            key, (_, now) -> new Kept<>(now.value(), now.madeAt(), kept.expiresAt(), kept.uses()));
  }

  @Override
  public void remove(CacheKey key) {
    values.invalidate(key);
  }

  @Override
  public Size size() {
    values.cleanUp();
    long bytes = values.policy().eviction().orElseThrow().weightedSize().orElse(0);
    return new Size(values.estimatedSize(), bytes);
  }

  @Override
  public void close() {
    values.invalidateAll();
  }
}
