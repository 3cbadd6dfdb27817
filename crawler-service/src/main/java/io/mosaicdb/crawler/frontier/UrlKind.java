package io.mosaicdb.crawler.frontier;

import java.util.Locale;

/** What a URL is fetched for. */
public enum UrlKind {
  /** A page: text and links. */
  PAGE,
  /** A list of pages, or of further lists. */
  SITEMAP;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static UrlKind parse(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
