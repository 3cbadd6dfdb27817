package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.hash.Pace;
import java.time.Duration;

/**
 * How files are verified while they are served, by all partitions of a process together.
 *
 * @param every a shard's file is read anew after this, whether or not it seems unchanged
 * @param pace how fast files are read; those that changed as well
 */
public record Verification(Duration every, Pace pace) {
  public Verification {
    if (!every.isPositive()) {
      throw new IllegalArgumentException("every must be > 0, got " + every);
    }
  }

  /** Every file once a day, 64 MB a second. */
  public static Verification defaults() {
    return new Verification(Duration.ofDays(1), new Pace(64_000_000));
  }
}
