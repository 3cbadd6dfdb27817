package io.mosaicdb.model.document;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The host in a URL, leniently: stored URLs need not be valid ones. */
public final class UrlHost {
  private UrlHost() {}

  /** In lower case, without user, port and final dot; empty where there is none. */
  public static Optional<String> of(@Nullable String url) {
    int scheme = url == null ? -1 : url.indexOf("://");
    if (url == null || scheme < 1) {
      return Optional.empty();
    }
    int from = scheme + 3;
    int end = from;
    while (end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    from = Math.max(from, url.lastIndexOf('@', end - 1) + 1);
    int literal = from < end && url.charAt(from) == '[' ? url.indexOf(']', from) : from;
    int port = url.indexOf(':', Math.max(from, literal));
    if (port >= 0 && port < end) {
      end = port;
    }
    if (end > from && url.charAt(end - 1) == '.') {
      end--;
    }
    return end <= from
        ? Optional.empty()
        : Optional.of(url.substring(from, end).toLowerCase(Locale.ROOT));
  }
}
