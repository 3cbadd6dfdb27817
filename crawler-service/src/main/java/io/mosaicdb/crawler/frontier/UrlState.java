package io.mosaicdb.crawler.frontier;

import java.util.Locale;
import java.util.Optional;

/** Where a URL stands in its crawl. */
public enum UrlState {
  /** Waits for its turn, or for another try. */
  QUEUED,
  /** Is being fetched, or was when the process ended. */
  FETCHING,
  /** Was fetched, and what it said was dealt with. */
  DONE,
  /** Could not be fetched, or not read. */
  FAILED,
  /** Was not asked for, or not for its content. */
  SKIPPED;

  /** As in the file and in the API. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<UrlState> find(String wireName) {
    for (var state : values()) {
      if (state.wireName().equals(wireName)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
