package io.mosaicdb.model.ranking;

import java.time.Duration;
import java.time.Instant;

/**
 * How fresh a moment is: 1 for now and for what lies ahead, half of it for every half-life of age.
 */
public record RecencyDecay(Instant now, Duration halfLife) {
  public RecencyDecay {
    if (!halfLife.isPositive()) {
      throw new IllegalArgumentException("half_life must be above zero, got " + halfLife);
    }
  }

  /** {@code epochMillis} in milliseconds since 1970. */
  public double at(long epochMillis) {
    double age = Math.max(0, (double) now.toEpochMilli() - epochMillis);
    return Math.pow(0.5, age / halfLife.toMillis());
  }
}
