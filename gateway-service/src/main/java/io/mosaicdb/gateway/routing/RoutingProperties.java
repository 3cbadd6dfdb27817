package io.mosaicdb.gateway.routing;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What the gateway lets through, and how long it waits.
 *
 * @param answerTimeout how long a service may take to begin its answer or to go on with it
 * @param bulkAnswerTimeout the same for a bulk upload, which says nothing while a batch is embedded
 * @param maxRequestSize the largest request body
 * @param maxBulkSize the largest body of a bulk upload
 */
@ConfigurationProperties("mosaic.gateway.routing")
record RoutingProperties(
    @DefaultValue("60s") Duration answerTimeout,
    @DefaultValue("10m") Duration bulkAnswerTimeout,
    @DefaultValue("20MB") DataSize maxRequestSize,
    @DefaultValue("100MB") DataSize maxBulkSize) {
  RoutingProperties {
    requirePositive("answer-timeout", answerTimeout);
    requirePositive("bulk-answer-timeout", bulkAnswerTimeout);
    requirePositive("max-request-size", maxRequestSize);
    requirePositive("max-bulk-size", maxBulkSize);
  }

  private static void requirePositive(String key, Duration time) {
    if (!time.isPositive()) {
      throw new IllegalArgumentException(
          "mosaic.gateway.routing.%s must be > 0, got %s".formatted(key, time));
    }
  }

  private static void requirePositive(String key, DataSize size) {
    if (size.toBytes() <= 0) {
      throw new IllegalArgumentException(
          "mosaic.gateway.routing.%s must be > 0, got %s".formatted(key, size));
    }
  }
}
