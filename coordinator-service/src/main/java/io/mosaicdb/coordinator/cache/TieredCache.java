package io.mosaicdb.coordinator.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/**
 * Tiers behind each other, the nearest first. What a farther one has is put into those before it.
 * Of what is asked once only the nearest hears: a farther tier gets what was found again or had to
 * be made again, and at the end what would be lost. Thread-safe.
 */
public final class TieredCache<V> implements AutoCloseable {
  private final List<Tier<V>> tiers;
  private final Duration life;
  private final Duration longestLife;
  private final InstantSource clock;
  private final RecentKeys made = new RecentKeys();

  private record Tier<V>(CacheTier<V> place, Counter hits, Counter misses) {}

  /**
   * @param name of the cache, in metrics
   * @param life of what is never used, from when it was made
   * @param longestLife of what is used often: each use doubles it
   */
  public TieredCache(
      String name,
      List<? extends CacheTier<V>> tiers,
      Duration life,
      Duration longestLife,
      MeterRegistry meters,
      InstantSource clock) {
    var counted = new ArrayList<Tier<V>>();
    for (var tier : tiers) {
      counted.add(
          new Tier<>(
              tier,
              lookups(name, tier.name(), "hit", meters),
              lookups(name, tier.name(), "miss", meters)));
      gauge("mosaic.cache.entries", "What is kept", name, tier, meters, CacheTier.Size::entries);
      gauge("mosaic.cache.bytes", "Room it takes", name, tier, meters, CacheTier.Size::bytes);
    }
    this.tiers = List.copyOf(counted);
    this.life = life;
    this.longestLife = longestLife;
    this.clock = clock;
  }

  private interface Part {
    long of(CacheTier.Size size);
  }

  private static Counter lookups(String cache, String tier, String result, MeterRegistry meters) {
    return Counter.builder("mosaic.cache.lookups")
        .description("Keys looked for in a tier of a cache")
        .tags("cache", cache, "tier", tier, "result", result)
        .register(meters);
  }

  private static void gauge(
      String meter,
      String description,
      String cache,
      CacheTier<?> tier,
      MeterRegistry meters,
      Part part) {
    var _ =
        Gauge.builder(meter, tier, place -> part.of(place.size()))
            .description(description)
            .tags("cache", cache, "tier", tier.name())
            .register(meters);
  }

  /** What is kept, from the nearest tier that has it. */
  public Optional<Kept<V>> find(CacheKey key) {
    for (int t = 0; t < tiers.size(); t++) {
      var tier = tiers.get(t);
      var found = tier.place().find(key);
      if (found.isEmpty()) {
        tier.misses().increment();
        continue;
      }
      tier.hits().increment();
      for (int before = 0; before < t; before++) {
        tiers.get(before).place().put(key, found.get());
      }
      return found;
    }
    return Optional.empty();
  }

  /** Keeps a value that was made just now. */
  public void put(CacheKey key, V value) {
    var now = clock.instant();
    var kept = new Kept<>(value, now, now.plus(life), 0);
    int reach = made.addAgain(key) ? tiers.size() : 1;
    tiers.subList(0, reach).forEach(tier -> tier.place().put(key, kept));
  }

  /** Notes that what was found was of use: it lives longer. */
  public void used(CacheKey key, Kept<V> found) {
    var kept = found.used(found.madeAt().plus(lifeAfter(found.uses() + 1)));
    for (var tier : tiers) {
      if (tier.place().mayHave(key)) {
        tier.place().used(key, kept);
      } else {
        tier.place().put(key, kept);
      }
    }
  }

  private Duration lifeAfter(int uses) {
    long doubled = life.toMillis() << Math.min(uses, 20);
    return doubled <= 0 || doubled > longestLife.toMillis()
        ? longestLife
        : Duration.ofMillis(doubled);
  }

  /** Entries and bytes of the tiers, by name. */
  public List<TierSize> sizes() {
    return tiers.stream()
        .map(tier -> new TierSize(tier.place().name(), tier.place().size()))
        .toList();
  }

  public record TierSize(String tier, CacheTier.Size size) {}

  @Override
  public void close() {
    for (int t = 1; t < tiers.size(); t++) {
      var place = tiers.get(t).place();
      var lost = new HashMap<>(tiers.get(t - 1).place().passing());
      lost.keySet().removeIf(place::mayHave);
      place.putAll(lost);
    }
    tiers.forEach(tier -> tier.place().close());
  }
}
