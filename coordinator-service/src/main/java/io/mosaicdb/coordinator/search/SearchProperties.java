package io.mosaicdb.coordinator.search;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of searches.
 *
 * @param timeout how long a search may take that does not say
 * @param longestTimeout how long any may take
 * @param limit hits in one answer, at most
 * @param queryCharacters characters of q, at most
 * @param searches searches in one request, at most
 * @param parallelSearches searches of one request that run side by side
 */
@ConfigurationProperties("mosaic.coordinator.search")
record SearchProperties(
    @DefaultValue("2s") Duration timeout,
    @DefaultValue("60s") Duration longestTimeout,
    @DefaultValue("1000") int limit,
    @DefaultValue("8192") int queryCharacters,
    @DefaultValue("50") int searches,
    @DefaultValue("8") int parallelSearches) {
  SearchProperties {
    require(timeout.isPositive(), "timeout must be > 0, got " + timeout);
    require(
        longestTimeout.compareTo(timeout) >= 0,
        "longest-timeout must be >= timeout, got " + longestTimeout);
    require(limit > 0, "limit must be > 0, got " + limit);
    require(queryCharacters > 0, "query-characters must be > 0, got " + queryCharacters);
    require(searches > 0, "searches must be > 0, got " + searches);
    require(parallelSearches > 0, "parallel-searches must be > 0, got " + parallelSearches);
  }

  /** The defaults of the configuration. */
  static SearchProperties standard() {
    return new SearchProperties(Duration.ofSeconds(2), Duration.ofSeconds(60), 1000, 8192, 50, 8);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("mosaic.coordinator.search." + message);
    }
  }
}
