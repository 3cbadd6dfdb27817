package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.health.ComponentHealth;
import io.mosaicdb.starter.health.HealthSource;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The part {@code cache} of the health report: how much of what was asked had been kept. */
final class CacheHealth implements HealthSource {
  private final @Nullable AnswerCache cache;

  CacheHealth(@Nullable AnswerCache cache) {
    this.cache = cache;
  }

  @Override
  public Map<String, ComponentHealth> components() {
    var values = new TreeMap<String, Object>();
    values.put("enabled", cache != null);
    values.put("hit_ratio", cache == null ? 0.0 : cache.hitRatio());
    if (cache != null) {
      values.put("hits", cache.hits());
      values.put("misses", cache.misses());
      for (var tier : cache.sizes()) {
        values.put(tier.tier() + "_entries", tier.size().entries());
        values.put(tier.tier() + "_bytes", tier.size().bytes());
      }
    }
    return Map.of("cache", ComponentHealth.ok(values));
  }
}
