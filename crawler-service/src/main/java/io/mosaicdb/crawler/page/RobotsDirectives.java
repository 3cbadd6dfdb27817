package io.mosaicdb.crawler.page;

/**
 * What a page asks of robots in its meta elements and its X-Robots-Tag headers, all of them
 * together: whoever forbids wins.
 */
public record RobotsDirectives(boolean noindex, boolean nofollow, boolean nosnippet) {
  /** Nothing is asked. */
  public static final RobotsDirectives NONE = new RobotsDirectives(false, false, false);

  RobotsDirectives and(RobotsDirectives other) {
    return new RobotsDirectives(
        noindex || other.noindex, nofollow || other.nofollow, nosnippet || other.nosnippet);
  }
}
