package io.mosaicdb.crawler.fetch;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What to fetch.
 *
 * @param url http or https, in normal form
 * @param etag of the content at hand, exactly as the server sent it; null where there is none
 * @param lastModified of the content at hand, exactly as the server sent it; null where there is
 *     none
 */
public record FetchRequest(URI url, @Nullable String etag, @Nullable String lastModified) {
  public FetchRequest {
    if (url.getHost() == null
        || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
      throw new IllegalArgumentException(
          "url must be http or https, in lower case and with a host, got " + url);
    }
  }

  /** A fetch whatever the content at hand may be. */
  public static FetchRequest of(URI url) {
    return new FetchRequest(url, null, null);
  }
}
