package io.mosaicdb.crawler.url;

import java.net.URI;

/**
 * A server as manners know it: what robots.txt speaks for, and what is asked for one page at a
 * time.
 *
 * @param scheme http or https
 * @param host in lower case, ASCII; an IPv6 address in brackets
 * @param port never absent: the scheme's own where the URL names none
 */
public record HostKey(String scheme, String host, int port) {
  public HostKey {
    if (!("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException("scheme must be http or https, got " + scheme);
    }
    if (host.isEmpty()) {
      throw new IllegalArgumentException("host must not be empty");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 0 to 65535, got " + port);
    }
  }

  /** The server of a URL in normal form. */
  public static HostKey of(URI url) {
    int port = url.getPort() >= 0 ? url.getPort() : defaultPort(url.getScheme());
    return new HostKey(url.getScheme(), url.getHost(), port);
  }

  /** The URL of a path on this server; the path begins with a slash and is percent-encoded. */
  public URI url(String path) {
    return URI.create(this + path);
  }

  /** {@code https://example.org}, with the port where it is not the scheme's own. */
  @Override
  public String toString() {
    return scheme + "://" + host + (port == defaultPort(scheme) ? "" : ":" + port);
  }

  private static int defaultPort(String scheme) {
    return "https".equals(scheme) ? 443 : 80;
  }
}
