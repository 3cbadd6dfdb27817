package io.mosaicdb.crawler.api;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What a crawl has that does not say otherwise.
 *
 * @param depth links from a seed, at most
 * @param pages of one run, at most
 * @param size of all pages of one run, at most
 * @param delay between two requests to one host
 * @param concurrency requests at one time, all hosts together
 * @param connectionsPerHost requests to one host at one time
 */
@ConfigurationProperties("mosaic.crawler.defaults")
public record CrawlDefaults(
    @DefaultValue("100") int depth,
    @DefaultValue("10000") long pages,
    @DefaultValue("10GB") DataSize size,
    @DefaultValue("1s") Duration delay,
    @DefaultValue("8") int concurrency,
    @DefaultValue("1") int connectionsPerHost) {
  public CrawlDefaults {
    if (depth < 0 || pages < 1 || size.toBytes() < 1 || delay.isNegative()) {
      throw new IllegalArgumentException(
          "mosaic.crawler.defaults.depth and delay must be >= 0, pages and size > 0, got %d, %s, %d, %s"
              .formatted(depth, delay, pages, size));
    }
    if (concurrency < 1 || connectionsPerHost < 1) {
      throw new IllegalArgumentException(
          "mosaic.crawler.defaults.concurrency and connections-per-host must be > 0, got %d, %d"
              .formatted(concurrency, connectionsPerHost));
    }
  }

  /** The defaults of the defaults. */
  static CrawlDefaults standard() {
    return new CrawlDefaults(100, 10_000, DataSize.ofGigabytes(10), Duration.ofSeconds(1), 8, 1);
  }
}
