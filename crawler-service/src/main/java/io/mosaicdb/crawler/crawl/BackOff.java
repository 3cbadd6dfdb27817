package io.mosaicdb.crawler.crawl;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Pauses that double, between half and the whole of their length, so that hosts spread out. */
record BackOff(Duration first, Duration longest, RandomGenerator random) {
  /**
   * @param failures in a row, from 1
   */
  Duration after(int failures) {
    long doubled = first.toMillis() << Math.min(30, Math.max(0, failures - 1));
    long whole = Math.min(longest.toMillis(), Math.max(1, doubled));
    return Duration.ofMillis(whole / 2 + random.nextLong(whole / 2 + 1));
  }
}
