package io.mosaicdb.coordinator.sql;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of SQL.
 *
 * @param timeout how long a statement may take that does not say
 * @param longestTimeout how long any may take
 * @param rows of an answer to a request that does not say
 * @param mostRows of any answer
 */
@ConfigurationProperties("mosaic.coordinator.sql")
record SqlProperties(
    @DefaultValue("10s") Duration timeout,
    @DefaultValue("30s") Duration longestTimeout,
    @DefaultValue("1000") int rows,
    @DefaultValue("100000") int mostRows) {
  SqlProperties {
    require(timeout.isPositive(), "timeout must be > 0, got " + timeout);
    require(
        longestTimeout.compareTo(timeout) >= 0,
        "longest-timeout must be >= timeout, got " + longestTimeout);
    require(rows > 0, "rows must be > 0, got " + rows);
    require(mostRows >= rows, "most-rows must be >= rows, got " + mostRows);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("mosaic.coordinator.sql." + message);
    }
  }
}
