package io.mosaicdb.coordinator.worker;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How workers are called.
 *
 * @param readTimeout how long a worker may be silent; longer than the longest search
 */
@ConfigurationProperties("mosaic.coordinator.worker")
record WorkerProperties(@DefaultValue("65s") Duration readTimeout) {
  WorkerProperties {
    if (!readTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "mosaic.coordinator.worker.read-timeout must be > 0, got " + readTimeout);
    }
  }
}
