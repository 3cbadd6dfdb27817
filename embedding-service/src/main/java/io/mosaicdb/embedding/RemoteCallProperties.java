package io.mosaicdb.embedding;

import io.mosaicdb.embedding.remote.RetryPolicy;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How remote backends are called.
 *
 * @param batchSize the most texts in a call
 * @param batchTimeout how long a text waits for others to fill a call
 * @param concurrency how many calls run at once
 * @param queryConcurrency how many more calls of queries run at once
 * @param connectTimeout for a connection
 * @param callTimeout how long the server may be silent
 * @param attempts with the first one
 * @param firstWait before the second attempt; it doubles from there
 * @param longestWait between two attempts, also where the server asks for more
 */
@ConfigurationProperties("mosaic.embedding.remote")
record RemoteCallProperties(
    @DefaultValue("32") int batchSize,
    @DefaultValue("5ms") Duration batchTimeout,
    @DefaultValue("4") int concurrency,
    @DefaultValue("2") int queryConcurrency,
    @DefaultValue("2s") Duration connectTimeout,
    @DefaultValue("10s") Duration callTimeout,
    @DefaultValue("3") int attempts,
    @DefaultValue("200ms") Duration firstWait,
    @DefaultValue("5s") Duration longestWait) {
  RemoteCallProperties {
    if (connectTimeout.isZero() || connectTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "mosaic.embedding.remote.connect-timeout must be > 0, got " + connectTimeout);
    }
    if (callTimeout.isZero() || callTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "mosaic.embedding.remote.call-timeout must be > 0, got " + callTimeout);
    }
  }

  RetryPolicy retries() {
    return new RetryPolicy(attempts, firstWait, longestWait);
  }
}
