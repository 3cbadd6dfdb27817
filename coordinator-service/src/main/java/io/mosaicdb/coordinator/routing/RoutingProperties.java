package io.mosaicdb.coordinator.routing;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The routing database.
 *
 * @param folder where {@code routing.db} is
 * @param interval the pause between two looks at the workers
 */
@ConfigurationProperties("mosaic.coordinator.routing")
record RoutingProperties(
    @DefaultValue("data/routing") Path folder, @DefaultValue("5s") Duration interval) {
  RoutingProperties {
    if (!interval.isPositive()) {
      throw new IllegalArgumentException(
          "mosaic.coordinator.routing.interval must be > 0, got " + interval);
    }
  }
}
