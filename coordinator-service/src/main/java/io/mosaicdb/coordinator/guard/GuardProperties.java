package io.mosaicdb.coordinator.guard;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a callee is left alone.
 *
 * @param permits calls to one worker at a time; more are answered with 429
 * @param permitTimeout how long a call waits for a permit
 * @param window calls over which the share of failures is counted
 * @param failureRate percentage of failed calls in the window from which on no calls are made
 * @param pause how long no calls are made before a few are tried again
 */
@ConfigurationProperties("mosaic.coordinator.guard")
record GuardProperties(
    @DefaultValue("64") int permits,
    @DefaultValue("500ms") Duration permitTimeout,
    @DefaultValue("20") int window,
    @DefaultValue("50") int failureRate,
    @DefaultValue("2s") Duration pause) {
  GuardProperties {
    require(permits > 0, "permits must be > 0, got " + permits);
    require(!permitTimeout.isNegative(), "permit-timeout must be >= 0, got " + permitTimeout);
    require(window > 0, "window must be > 0, got " + window);
    require(
        failureRate > 0 && failureRate <= 100,
        "failure-rate must be between 1 and 100, got " + failureRate);
    require(pause.isPositive(), "pause must be > 0, got " + pause);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("mosaic.coordinator.guard." + message);
    }
  }
}
