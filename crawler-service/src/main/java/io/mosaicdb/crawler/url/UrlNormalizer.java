package io.mosaicdb.crawler.url;

import java.net.URI;
import java.util.Optional;

/** Gives all spellings of one address one form. */
public final class UrlNormalizer {
  private UrlNormalizer() {}

  /** The normal form of an absolute URL; empty where it is none that a crawl can fetch. */
  public static Optional<URI> normalize(String url) {
    return parse(null, url);
  }

  /** The normal form of a link found under a base; empty where a crawl cannot fetch it. */
  public static Optional<URI> normalize(URI base, String href) {
    return parse(base, href);
  }

  private static Optional<URI> parse(@org.jspecify.annotations.Nullable URI base, String href) {
    try {
      var uri = base == null ? URI.create(href) : base.resolve(href);
      return uri.getHost() == null ? Optional.empty() : Optional.of(uri);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
