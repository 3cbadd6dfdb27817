package io.mosaicdb.crawler.index;

import java.time.Duration;

/**
 * How documents are sent.
 *
 * @param batch documents in one request, at most
 * @param batchBytes of stored pages in one request, after which no further page is added
 * @param linger how long a batch that is not full waits for more
 * @param anchorsEvery how often documents of which only the anchors changed are sent again while
 *     the crawl runs
 * @param firstPause after a failure that may pass; doubled with each further one
 * @param longestPause between two tries
 */
public record IndexSettings(
    int batch,
    long batchBytes,
    Duration linger,
    Duration anchorsEvery,
    Duration firstPause,
    Duration longestPause) {
  public IndexSettings {
    if (batch < 1 || batchBytes < 1) {
      throw new IllegalArgumentException(
          "batch and batch-bytes must be > 0, got " + batch + ", " + batchBytes);
    }
  }

  /** What holds unless configured otherwise. */
  public static IndexSettings standard() {
    return new IndexSettings(
        64,
        // A hundred passages or so: pages can be found seconds after they were fetched.
        128 * 1024,
        Duration.ofMillis(500),
        Duration.ofMinutes(2),
        Duration.ofMillis(500),
        Duration.ofSeconds(30));
  }
}
