package io.mosaicdb.crawler.frontier;

import io.mosaicdb.crawler.url.HostKey;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A URL that something leads to.
 *
 * @param url in normal form
 * @param depth the fewest links that lead there from a seed, as far as is known
 * @param priority the higher the sooner
 * @param hops redirects in a row that lead there
 * @param anchor the words that link there; null where it is no link
 * @param skip the reason not to fetch it; null: it is queued
 */
public record Discovery(
    URI url,
    UrlKind kind,
    int depth,
    int priority,
    int hops,
    @Nullable String anchor,
    @Nullable String skip) {
  public Discovery {
    if (depth < 0 || hops < 0) {
      throw new IllegalArgumentException("depth and hops must be >= 0, got " + depth + ", " + hops);
    }
  }

  /** A page that a crawl begins with, or that a list names. */
  public static Discovery page(URI url, int depth, int priority) {
    return new Discovery(url, UrlKind.PAGE, depth, priority, 0, null, null);
  }

  /** A list of pages. */
  public static Discovery sitemap(URI url) {
    return new Discovery(url, UrlKind.SITEMAP, 0, 0, 0, null, null);
  }

  HostKey host() {
    return HostKey.of(url);
  }
}
