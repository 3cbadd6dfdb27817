package io.mosaicdb.crawler.url;

import java.net.URI;
import java.util.Optional;

/** Tells URLs that a site can make without end from those of pages. */
public final class UrlTraps {
  private UrlTraps() {}

  /** The word for why a URL in normal form is not followed: {@code too_long}, for example. */
  public static Optional<String> reason(URI url) {
    return url.toString().length() > 2048 ? Optional.of("too_long") : Optional.empty();
  }
}
