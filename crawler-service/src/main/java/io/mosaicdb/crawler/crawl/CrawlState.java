package io.mosaicdb.crawler.crawl;

import java.util.Locale;

/** Where a crawl stands. */
public enum CrawlState {
  /** Fetches. */
  RUNNING,
  /** Has nothing left to fetch, and brings what is left into the index. */
  FINISHING,
  /** Was told to wait. */
  PAUSED,
  /** Waits for its next run. */
  WAITING,
  /** Is done. */
  SUCCEEDED,
  /** Was told to stop. */
  CANCELED;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static CrawlState parse(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }

  /** Whether there is work to take up after a restart. */
  boolean active() {
    return this == RUNNING || this == FINISHING;
  }
}
