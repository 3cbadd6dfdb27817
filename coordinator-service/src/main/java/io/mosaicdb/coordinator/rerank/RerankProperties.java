package io.mosaicdb.coordinator.rerank;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The second phase of ranking.
 *
 * @param url the whole address of a reranker, such as {@code http://127.0.0.1:8080/rerank}; none: a
 *     request for it is refused
 * @param protocol {@code tei}, or {@code cohere} for Cohere, Jina and those who follow them
 * @param model named in the request of the {@code cohere} protocol
 * @param apiKey sent as a bearer token
 * @param timeout how long a search waits for it, within its own time
 * @param connectTimeout for a connection
 * @param candidates how many hits a request may have scored again
 * @param characters how many of each hit's title and passage are sent
 */
@ConfigurationProperties("mosaic.coordinator.rerank")
record RerankProperties(
    @Nullable URI url,
    @DefaultValue("tei") String protocol,
    @Nullable String model,
    @Nullable String apiKey,
    @DefaultValue("1s") Duration timeout,
    @DefaultValue("500ms") Duration connectTimeout,
    @DefaultValue("200") int candidates,
    @DefaultValue("2000") int characters) {
  RerankProperties {
    require(
        url == null || "http".equals(url.getScheme()) || "https".equals(url.getScheme()),
        "url must begin with http:// or https://, got " + url);
    require(timeout.isPositive(), "timeout must be > 0, got " + timeout);
    require(connectTimeout.isPositive(), "connect-timeout must be > 0, got " + connectTimeout);
    require(
        candidates > 0 && candidates <= 1000,
        "candidates must be between 1 and 1000, got " + candidates);
    require(characters > 0, "characters must be > 0, got " + characters);
    var _ = spoken(protocol);
  }

  /** The defaults of the configuration: no reranker. */
  static RerankProperties standard() {
    return new RerankProperties(
        null, "tei", null, null, Duration.ofSeconds(1), Duration.ofMillis(500), 200, 2000);
  }

  RerankProtocol spoken() {
    return spoken(protocol);
  }

  private static RerankProtocol spoken(String name) {
    for (var known : RerankProtocol.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(name)) {
        return known;
      }
    }
    throw new IllegalArgumentException(
        "mosaic.coordinator.rerank.protocol must be "
            + Arrays.stream(RerankProtocol.values())
                .map(known -> known.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" or "))
            + ", got "
            + name);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "RerankProperties[url=" + url + ", protocol=" + protocol + ", model=" + model + "]";
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("mosaic.coordinator.rerank." + message);
    }
  }
}
