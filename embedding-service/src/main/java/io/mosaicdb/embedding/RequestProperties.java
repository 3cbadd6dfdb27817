package io.mosaicdb.embedding;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a request may ask and how long it may take.
 *
 * @param maxTexts texts or sources in a request
 * @param maxTextLength of one of them, in Java chars
 * @param queueCapacity how many queries, and how many passages, may wait for the model
 * @param queryTimeout of a request that embeds queries
 * @param passageTimeout of one that embeds passages
 */
@ConfigurationProperties("mosaic.embedding.request")
record RequestProperties(
    @DefaultValue("1024") int maxTexts,
    @DefaultValue("10000000") int maxTextLength,
    @DefaultValue("4096") int queueCapacity,
    @DefaultValue("10s") Duration queryTimeout,
    @DefaultValue("5m") Duration passageTimeout) {
  RequestProperties {
    if (maxTexts < 1) {
      throw new IllegalArgumentException(
          "mosaic.embedding.request.max-texts must be > 0, got " + maxTexts);
    }
    if (maxTextLength < 1) {
      throw new IllegalArgumentException(
          "mosaic.embedding.request.max-text-length must be > 0, got " + maxTextLength);
    }
  }
}
