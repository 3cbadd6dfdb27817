package io.mosaicdb.embedding.remote;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often a failed call is repeated, and how long after. Waits double from the first to the
 * longest; each is shortened at random by up to half, so that callers who failed together do not
 * return together. A server's Retry-After is honoured where it is not longer than the longest wait,
 * and ends the call where it is.
 *
 * @param attempts with the first one
 */
public record RetryPolicy(int attempts, Duration firstWait, Duration longestWait) {
  public RetryPolicy {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be > 0, got " + attempts);
    }
    if (firstWait.isNegative() || longestWait.compareTo(firstWait) < 0) {
      throw new IllegalArgumentException(
          "waits must have 0 <= first <= longest, got " + firstWait + " and " + longestWait);
    }
  }

  /** The wait after so many failed attempts. */
  Duration wait(int failed, RandomGenerator random) {
    double nanos = firstWait.toNanos() * Math.pow(2, failed - 1.0);
    double bounded = Math.min(nanos, (double) longestWait.toNanos());
    return Duration.ofNanos((long) (bounded * (1 - random.nextDouble() / 2)));
  }
}
