package io.mosaicdb.crawler.fetch;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How pages are fetched.
 *
 * @param userAgent sent with every request: a product, and where its operator can be reached
 * @param connectTimeout for one address of a host
 * @param tlsTimeout for the handshake
 * @param headersTimeout from the request to the end of the head of its answer
 * @param bodyTimeout between two pieces of a body
 * @param totalTimeout from the start of a fetch to its end
 * @param mostBytes of a body, decoded
 * @param mostExpansion how many times larger than what was sent a body may become
 * @param connectionsPerHost at one time
 * @param types of content that are read, as {@code text/html}, or {@code text/*}, or {@code *} for
 *     all; content without a type is read
 * @param allowAddresses what may be reached although it is no public address: addresses, ranges as
 *     {@code 10.0.0.0/8}, or names of hosts
 * @param hosts where a host is reached instead of at the addresses of its name; such an address is
 *     the operator's own choice and not checked
 * @param proxy through which everything goes; it then resolves the names, and this process checks
 *     addresses only where a URL has one in place of a name
 * @param tls null for the platform's own trust
 */
public record FetchSettings(
    String userAgent,
    Duration connectTimeout,
    Duration tlsTimeout,
    Duration headersTimeout,
    Duration bodyTimeout,
    Duration totalTimeout,
    long mostBytes,
    int mostExpansion,
    int connectionsPerHost,
    Set<String> types,
    List<String> allowAddresses,
    Map<String, InetSocketAddress> hosts,
    @Nullable URI proxy,
    @Nullable SSLContext tls) {
  /** The types that hold text which this build reads by itself. */
  public static final Set<String> TEXT_TYPES =
      Set.of("text/html", "application/xhtml+xml", "text/plain", "text/markdown");

  private static final Pattern HOST_NAME =
      Pattern.compile("[\\p{L}\\p{N}_-]+(\\.[\\p{L}\\p{N}_-]+)*");

  public FetchSettings {
    requireText("user-agent", userAgent);
    requirePositive("connect-timeout", connectTimeout);
    requirePositive("tls-timeout", tlsTimeout);
    requirePositive("headers-timeout", headersTimeout);
    requirePositive("body-timeout", bodyTimeout);
    requirePositive("total-timeout", totalTimeout);
    if (mostBytes < 1 || mostBytes > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "most-bytes must be from 1 to 2147483631, got " + mostBytes);
    }
    if (mostExpansion < 1) {
      throw new IllegalArgumentException("most-expansion must be > 0, got " + mostExpansion);
    }
    if (connectionsPerHost < 1) {
      throw new IllegalArgumentException(
          "connections-per-host must be > 0, got " + connectionsPerHost);
    }
    if (proxy != null && (proxy.getHost() == null || proxy.getPort() < 0)) {
      throw new IllegalArgumentException("proxy must be a URL with host and port, got " + proxy);
    }
    for (var allowed : allowAddresses) {
      requireAllowable("allow-addresses", allowed);
    }
    types = Set.copyOf(types);
    allowAddresses = List.copyOf(allowAddresses);
    hosts = Map.copyOf(hosts);
  }

  /** What holds unless configured otherwise. */
  public static FetchSettings of(String userAgent) {
    return new FetchSettings(
        userAgent,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(20),
        Duration.ofSeconds(20),
        Duration.ofSeconds(120),
        10L << 20,
        200,
        1,
        TEXT_TYPES,
        List.of(),
        Map.of(),
        null,
        null);
  }

  /** The same with other time-outs. */
  public FetchSettings withTimeouts(
      Duration connect, Duration handshake, Duration headers, Duration body, Duration total) {
    return new FetchSettings(
        userAgent,
        connect,
        handshake,
        headers,
        body,
        total,
        mostBytes,
        mostExpansion,
        connectionsPerHost,
        types,
        allowAddresses,
        hosts,
        proxy,
        tls);
  }

  /** The same with another bound of a body. */
  public FetchSettings withMostBytes(long bytes) {
    return new FetchSettings(
        userAgent,
        connectTimeout,
        tlsTimeout,
        headersTimeout,
        bodyTimeout,
        totalTimeout,
        bytes,
        mostExpansion,
        connectionsPerHost,
        types,
        allowAddresses,
        hosts,
        proxy,
        tls);
  }

  /** The same with another number of connections to one host. */
  public FetchSettings withConnectionsPerHost(int connections) {
    return new FetchSettings(
        userAgent,
        connectTimeout,
        tlsTimeout,
        headersTimeout,
        bodyTimeout,
        totalTimeout,
        mostBytes,
        mostExpansion,
        connections,
        types,
        allowAddresses,
        hosts,
        proxy,
        tls);
  }

  /** The same for other types of content. */
  public FetchSettings withTypes(Set<String> others) {
    return new FetchSettings(
        userAgent,
        connectTimeout,
        tlsTimeout,
        headersTimeout,
        bodyTimeout,
        totalTimeout,
        mostBytes,
        mostExpansion,
        connectionsPerHost,
        others,
        allowAddresses,
        hosts,
        proxy,
        tls);
  }

  /** The same with other exceptions from the rule that only public addresses are reached. */
  public FetchSettings withAllowAddresses(List<String> allowed) {
    return new FetchSettings(
        userAgent,
        connectTimeout,
        tlsTimeout,
        headersTimeout,
        bodyTimeout,
        totalTimeout,
        mostBytes,
        mostExpansion,
        connectionsPerHost,
        types,
        allowed,
        hosts,
        proxy,
        tls);
  }

  /** The same with other places at which hosts are reached. */
  public FetchSettings withHosts(Map<String, InetSocketAddress> places) {
    return new FetchSettings(
        userAgent,
        connectTimeout,
        tlsTimeout,
        headersTimeout,
        bodyTimeout,
        totalTimeout,
        mostBytes,
        mostExpansion,
        connectionsPerHost,
        types,
        allowAddresses,
        places,
        proxy,
        tls);
  }

  /** The same through a proxy. */
  public FetchSettings withProxy(URI through) {
    return new FetchSettings(
        userAgent,
        connectTimeout,
        tlsTimeout,
        headersTimeout,
        bodyTimeout,
        totalTimeout,
        mostBytes,
        mostExpansion,
        connectionsPerHost,
        types,
        allowAddresses,
        hosts,
        through,
        tls);
  }

  /** The same with another trust. */
  public FetchSettings withTls(SSLContext trust) {
    return new FetchSettings(
        userAgent,
        connectTimeout,
        tlsTimeout,
        headersTimeout,
        bodyTimeout,
        totalTimeout,
        mostBytes,
        mostExpansion,
        connectionsPerHost,
        types,
        allowAddresses,
        hosts,
        proxy,
        trust);
  }

  /**
   * @throws IllegalArgumentException for what is neither an address, a range nor a host's name; it
   *     says the key and the value
   */
  public static void requireAllowable(String key, String text) {
    boolean allowable =
        AddressRange.isAddress(text)
            ? AddressRange.isRange(text)
            : HOST_NAME.matcher(text).matches();
    // The reason is no cause: what stops a start is said by the innermost one.
    if (!allowable) {
      throw new IllegalArgumentException(
          "%s must be an address, a range such as 10.0.0.0/8 or a host's name, got '%s'"
              .formatted(key, text));
    }
  }

  private static void requireText(String name, String value) {
    if (value.isBlank() || value.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
      throw new IllegalArgumentException(name + " must be printable ASCII, got '" + value + "'");
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be > 0, got " + value);
    }
  }
}
