package io.mosaicdb.embedding.remote;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a remote model is and how long to wait for it.
 *
 * @param secret sent as a bearer token; null sends none. Never printed.
 * @param callTimeout how long the server may be silent within one attempt
 */
public record RemoteServer(
    URI base, @Nullable String secret, Duration connectTimeout, Duration callTimeout) {
  public RemoteServer {
    if (base.getHost() == null) {
      throw new IllegalArgumentException("base URL must have a host, got " + base);
    }
  }

  /** For messages: where the server is, without credentials or query. */
  String address() {
    String port = base.getPort() < 0 ? "" : ":" + base.getPort();
    return base.getScheme() + "://" + base.getHost() + port + base.getPath();
  }

  /** A text of the server's, fit for a message: short and without the secret. */
  String quoted(String text) {
    String clean = secret == null || secret.isEmpty() ? text : text.replace(secret, "***");
    clean = clean.strip().replaceAll("\\s+", " ");
    return clean.length() <= 200 ? clean : clean.substring(0, 200) + "…";
  }

  @Override
  public String toString() {
    return "RemoteServer[" + address() + "]";
  }
}
