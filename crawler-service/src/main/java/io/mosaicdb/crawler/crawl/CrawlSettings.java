package io.mosaicdb.crawler.crawl;

import java.time.Duration;

/**
 * What holds for every crawl.
 *
 * @param tries of one URL in one run, at most
 * @param redirects in a row, at most
 * @param hostFailures in a row after which a host is given up for the run
 * @param firstBackOff of a host after a failure; doubled with each further one, with jitter
 * @param longestBackOff of a host
 * @param longestRetryAfter what a server may ask for; more is cut
 * @param longestRobotsDelay the same for Crawl-delay
 */
public record CrawlSettings(
    int tries,
    int redirects,
    int hostFailures,
    Duration firstBackOff,
    Duration longestBackOff,
    Duration longestRetryAfter,
    Duration longestRobotsDelay) {
  public CrawlSettings {
    if (tries < 1 || redirects < 0 || hostFailures < 1) {
      throw new IllegalArgumentException(
          "tries and host-failures must be > 0 and redirects >= 0, got %d, %d, %d"
              .formatted(tries, hostFailures, redirects));
    }
  }

  /** What holds unless configured otherwise. */
  public static CrawlSettings standard() {
    return new CrawlSettings(
        3,
        10,
        10,
        Duration.ofSeconds(1),
        Duration.ofMinutes(5),
        Duration.ofHours(1),
        Duration.ofMinutes(1));
  }
}
