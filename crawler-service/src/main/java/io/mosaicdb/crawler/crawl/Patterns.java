package io.mosaicdb.crawler.crawl;

/** What a pattern of URLs may look like, for whoever takes one from a user. */
public final class Patterns {
  private Patterns() {}

  /**
   * @throws IllegalArgumentException saying what a pattern must be
   */
  public static void check(String pattern) {
    var _ = GlobPattern.parse(pattern);
  }
}
