package io.mosaicdb.coordinator.search;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The cache of search results.
 *
 * @param enabled false: every search is made anew
 * @param folder where {@code results.db} is
 * @param memory for answers on the heap, estimated
 * @param disk for answers in the file; 0: no file
 * @param ttl how long an answer lives that nobody asks for again
 * @param hotTtl how long one lives that is asked for often; each use doubles its life
 */
@ConfigurationProperties("mosaic.coordinator.cache")
record CacheProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("data/cache") Path folder,
    @DefaultValue("16MB") DataSize memory,
    @DefaultValue("64MB") DataSize disk,
    @DefaultValue("1h") Duration ttl,
    @DefaultValue("24h") Duration hotTtl) {
  CacheProperties {
    require(memory.toBytes() >= 0, "memory must be >= 0, got " + memory);
    require(disk.toBytes() >= 0, "disk must be >= 0, got " + disk);
    require(ttl.isPositive(), "ttl must be > 0, got " + ttl);
    require(hotTtl.compareTo(ttl) >= 0, "hot-ttl must be >= ttl, got " + hotTtl);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("mosaic.coordinator.cache." + message);
    }
  }
}
