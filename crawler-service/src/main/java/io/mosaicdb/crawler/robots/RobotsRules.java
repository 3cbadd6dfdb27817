package io.mosaicdb.crawler.robots;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What one server allows this crawler, for as long as its robots.txt is held. */
public interface RobotsRules {
  /** Where rules come from. */
  enum Source {
    /** A robots.txt was read. */
    FILE,
    /** The server has none (4xx), so everything is allowed. */
    ABSENT,
    /** The server could not say (5xx, no answer), so for now nothing is allowed. */
    UNREACHABLE
  }

  /** Whether the URL, of this server and in normal form, may be fetched. */
  boolean allows(URI url);

  /** The pause between two requests that the site asks this crawler for. */
  Optional<Duration> crawlDelay();

  /** The sitemaps that the site names, on whatever host. */
  List<URI> sitemaps();

  /**
   * Where these rules come from; what UNREACHABLE refuses is to be asked again later, not given up.
   */
  Source source();

  /** What kept an unreachable server from saying, as a word: {@code tls}, {@code http_503}. */
  default String problem() {
    return "";
  }
}
