package io.mosaicdb.crawler;

import io.mosaicdb.crawler.document.DocumentReader;
import io.mosaicdb.crawler.document.DocumentSettings;
import io.mosaicdb.crawler.fetch.FetchSettings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How this crawler meets the web.
 *
 * @param folder where {@code frontier.db} is, and archives
 * @param product the name that robots.txt knows the crawler by
 * @param contact where its operator can be reached: an address of a page or a mailbox; sent with
 *     every request
 * @param allowAddresses what may be reached although it is no public address: addresses, ranges
 *     such as {@code 10.0.0.0/8}, names of hosts
 * @param hosts where a host is reached instead of at the addresses of its name, as {@code
 *     address:port}
 * @param proxy through which everything goes
 * @param connectTimeout for one address of a host
 * @param headersTimeout from the request to the end of the head of its answer
 * @param bodyTimeout between two pieces of a body
 * @param totalTimeout of one fetch
 * @param pageSize the largest page, decoded
 * @param tries of one URL in one run
 * @param redirects in a row
 * @param hostFailures in a row after which a host is given up for the run
 * @param firstBackOff of a host after a failure, doubled with each further one
 * @param longestBackOff of a host
 * @param longestRetryAfter what a server may ask for; more is cut
 * @param longestCrawlDelay the same for robots.txt
 * @param documents PDF and Office documents
 */
@ConfigurationProperties("mosaic.crawler")
record CrawlerProperties(
    @DefaultValue("data/crawler") Path folder,
    @DefaultValue("MosaicDB") String product,
    @Nullable String contact,
    @DefaultValue List<String> allowAddresses,
    @DefaultValue Map<String, String> hosts,
    @Nullable URI proxy,
    @DefaultValue("10s") Duration connectTimeout,
    @DefaultValue("20s") Duration headersTimeout,
    @DefaultValue("20s") Duration bodyTimeout,
    @DefaultValue("2m") Duration totalTimeout,
    @DefaultValue("10MB") DataSize pageSize,
    @DefaultValue("3") int tries,
    @DefaultValue("10") int redirects,
    @DefaultValue("10") int hostFailures,
    @DefaultValue("1s") Duration firstBackOff,
    @DefaultValue("5m") Duration longestBackOff,
    @DefaultValue("1h") Duration longestRetryAfter,
    @DefaultValue("1m") Duration longestCrawlDelay,
    @DefaultValue Documents documents) {
  /**
   * PDF and Office documents.
   *
   * @param jars the folder with the jars of their reader; null: such documents are skipped
   * @param memory of the reader's process
   * @param timeout for one document
   * @param idle after so long without a document the process ends
   */
  record Documents(
      @Nullable Path jars,
      @DefaultValue("256MB") DataSize memory,
      @DefaultValue("30s") Duration timeout,
      @DefaultValue("1m") Duration idle) {
    /** A reader; null where none is wanted. */
    @Nullable DocumentReader open() {
      return jars == null
          ? null
          : new DocumentReader(
              new DocumentSettings(jars, Math.toIntExact(memory.toMegabytes()), timeout, idle));
    }
  }

  CrawlerProperties {
    allowAddresses = List.copyOf(allowAddresses);
    hosts = Map.copyOf(hosts);
    for (int i = 0; i < allowAddresses.size(); i++) {
      FetchSettings.requireAllowable(
          "mosaic.crawler.allow-addresses[" + i + "]", allowAddresses.get(i));
    }
    var _ = places(hosts);
  }

  /**
   * Says what is wrong with any of these before the first crawl begins.
   *
   * @throws IllegalArgumentException with the key and the value
   */
  void require() {
    try {
      var _ = fetching(null, 1);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("mosaic.crawler: " + e.getMessage(), e);
    }
  }

  /**
   * @param userAgent of a crawl; null: the service's own
   */
  FetchSettings fetching(@Nullable String userAgent, int connectionsPerHost) {
    var own = product + "/0.1" + (contact == null ? "" : " (+" + contact + ")");
    var settings =
        FetchSettings.of(userAgent == null ? own : userAgent)
            .withTimeouts(connectTimeout, connectTimeout, headersTimeout, bodyTimeout, totalTimeout)
            .withMostBytes(pageSize.toBytes())
            .withConnectionsPerHost(connectionsPerHost)
            .withAllowAddresses(allowAddresses)
            .withHosts(places(hosts));
    return proxy == null ? settings : settings.withProxy(proxy);
  }

  private static Map<String, InetSocketAddress> places(Map<String, String> hosts) {
    var places = new HashMap<String, InetSocketAddress>();
    hosts.forEach((host, place) -> places.put(host, place("mosaic.crawler.hosts." + host, place)));
    return places;
  }

  private static InetSocketAddress place(String key, String place) {
    int colon = place.lastIndexOf(':');
    var port = place.substring(colon + 1);
    if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
      throw new IllegalArgumentException(key + " must be address:port, got " + place);
    }
    return new InetSocketAddress(place.substring(0, colon), Integer.parseInt(port));
  }
}
