package io.mosaicdb.embedding;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of the cache of vectors; the first one reached counts.
 *
 * @param maxEntries vectors; 0 turns the cache off
 * @param maxSize memory for them
 */
@ConfigurationProperties("mosaic.embedding.cache")
record CacheProperties(
    @DefaultValue("10000") long maxEntries, @DefaultValue("32MB") DataSize maxSize) {
  CacheProperties {
    if (maxEntries < 0) {
      throw new IllegalArgumentException(
          "mosaic.embedding.cache.max-entries must be >= 0, got " + maxEntries);
    }
  }
}
