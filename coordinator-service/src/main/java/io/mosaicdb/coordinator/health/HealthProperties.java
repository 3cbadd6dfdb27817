package io.mosaicdb.coordinator.health;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the services behind the coordinator are asked how they are.
 *
 * @param interval the pause between two rounds
 * @param timeout how long one may take to answer
 */
@ConfigurationProperties("mosaic.coordinator.health")
record HealthProperties(
    @DefaultValue("1s") Duration interval, @DefaultValue("1s") Duration timeout) {
  HealthProperties {
    if (!interval.isPositive() || !timeout.isPositive()) {
      throw new IllegalArgumentException(
          "mosaic.coordinator.health.interval and timeout must be > 0, got %s and %s"
              .formatted(interval, timeout));
    }
  }
}
