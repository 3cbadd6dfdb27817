package io.mosaicdb.crawler.fetch;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What came of a fetch. */
public sealed interface FetchOutcome {
  /**
   * The server sent content (200, 203).
   *
   * @param body decoded: no content encoding left
   * @param at when the head of the answer came
   */
  record Content(URI url, int status, ResponseHeaders headers, byte[] body, Instant at)
      implements FetchOutcome {}

  /** The content is the one that the request's validators name (304). */
  record Unchanged(URI url, ResponseHeaders headers, Instant at) implements FetchOutcome {}

  /**
   * The server names another URL (301, 302, 303, 307, 308). It was not asked.
   *
   * @param target in normal form; it has passed no check of scope, robots or address
   */
  record Moved(URI from, URI target, int status) implements FetchOutcome {
    /** Whether the old URL is to be forgotten for the new one. */
    public boolean permanent() {
      return status == 301 || status == 308;
    }
  }

  /**
   * The server answered with an error, or with a status that carries no page.
   *
   * @param retryAfter how long the server asks to be left alone; null where it does not say
   */
  record Rejected(int status, @Nullable Duration retryAfter) implements FetchOutcome {
    /** Whether another try, later, may end otherwise: 408, 425, 429 and the server's own errors. */
    public boolean passing() {
      return status == 408 || status == 425 || status == 429 || status >= 500;
    }
  }

  /**
   * There was no answer, or none that can be used.
   *
   * @param detail what was met, in words for whoever runs the crawl
   */
  record Failed(FailureReason reason, String detail) implements FetchOutcome {}
}
