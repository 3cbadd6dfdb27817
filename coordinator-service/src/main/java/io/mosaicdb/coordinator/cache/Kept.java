package io.mosaicdb.coordinator.cache;

import java.time.Instant;

/**
 * A value in a cache.
 *
 * @param expiresAt from then on it is not found any more
 * @param uses how often it was found
 */
public record Kept<V>(V value, Instant madeAt, Instant expiresAt, int uses) {
  public Kept {
    if (uses < 0) {
      throw new IllegalArgumentException("uses must be >= 0, got " + uses);
    }
  }

  Kept<V> used(Instant until) {
    return new Kept<>(value, madeAt, until, uses + 1);
  }
}
