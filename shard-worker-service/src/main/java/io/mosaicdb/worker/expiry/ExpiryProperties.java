package io.mosaicdb.worker.expiry;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How documents are deleted whose time is over.
 *
 * @param interval between the end of one pass over all namespaces and the beginning of the next
 * @param documents that a pass deletes of one partition, at most; the others follow in the next
 */
@ConfigurationProperties("mosaic.worker.expiry")
record ExpiryProperties(
    @DefaultValue("10s") Duration interval, @DefaultValue("100000") int documents) {
  ExpiryProperties {
    if (!interval.isPositive()) {
      throw new IllegalArgumentException(
          "mosaic.worker.expiry.interval must be above zero, got " + interval);
    }
    if (documents < 1) {
      throw new IllegalArgumentException(
          "mosaic.worker.expiry.documents must be > 0, got " + documents);
    }
  }
}
