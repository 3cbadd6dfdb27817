package io.mosaicdb.pagerank.link;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * The form in which ids, URLs and link targets are compared: of a web address without its fragment
 * and default port, scheme and host in lower case, an empty path as a slash; anything else is
 * itself.
 */
public final class LinkKey {
  private LinkKey() {}

  public static String of(String text) {
    int hash = text.indexOf('#');
    var address = hash < 0 ? text : text.substring(0, hash);
    if (!startsWithScheme(address)) {
      return text;
    }
    URI uri;
    try {
      uri = new URI(address);
    } catch (URISyntaxException _) {
      // Stored addresses need not be valid; this one leads to its exact like only.
      return address;
    }
    if (uri.getHost() == null) {
      return address;
    }
    var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int standard = scheme.equals("https") ? 443 : 80;
    var key = new StringBuilder(scheme).append("://");
    key.append(uri.getHost().toLowerCase(Locale.ROOT));
    if (uri.getPort() >= 0 && uri.getPort() != standard) {
      key.append(':').append(uri.getPort());
    }
    var path = uri.getRawPath();
    key.append(path == null || path.isEmpty() ? "/" : path);
    if (uri.getRawQuery() != null) {
      key.append('?').append(uri.getRawQuery());
    }
    return key.toString();
  }

  private static boolean startsWithScheme(String text) {
    return text.regionMatches(true, 0, "http://", 0, 7)
        || text.regionMatches(true, 0, "https://", 0, 8);
  }
}
