package io.mosaicdb.worker.breaker;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a shard is left alone.
 *
 * @param failures so many searches in a row must have failed in it
 * @param openTime after this one search tries it again
 */
@ConfigurationProperties("mosaic.worker.breaker")
record BreakerProperties(@DefaultValue("5") int failures, @DefaultValue("10s") Duration openTime) {
  BreakerProperties {
    if (failures < 1 || failures > 1000) {
      throw new IllegalArgumentException(
          "mosaic.worker.breaker.failures must be between 1 and 1000, got " + failures);
    }
    if (openTime.toMillis() < 1) {
      throw new IllegalArgumentException(
          "mosaic.worker.breaker.open-time must be at least 1ms, got " + openTime);
    }
  }
}
