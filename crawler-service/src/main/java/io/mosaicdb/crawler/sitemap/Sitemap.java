package io.mosaicdb.crawler.sitemap;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sitemap or feed lists.
 *
 * @param kind what the file is
 * @param entries pages, in the order of the file
 * @param children further sitemaps, where this one is an index
 * @param cut whether the list ends at a bound, so that there may have been more
 */
public record Sitemap(Kind kind, List<Entry> entries, List<URI> children, boolean cut) {
  /** What a file can be. */
  public enum Kind {
    SITEMAP,
    INDEX,
    TEXT,
    FEED
  }

  /**
   * A page.
   *
   * @param url in normal form
   * @param lastModified null where the file does not say
   * @param priority from 0 to 1 among the site's own pages; 0.5 where the file does not say
   */
  public record Entry(URI url, @Nullable Instant lastModified, double priority) {}

  public Sitemap {
    entries = List.copyOf(entries);
    children = List.copyOf(children);
  }
}
