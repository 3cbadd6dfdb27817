package io.mosaicdb.crawler.crawl;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.mosaicdb.crawler.fetch.FetchOutcome;
import io.mosaicdb.crawler.fetch.FetchRequest;
import io.mosaicdb.crawler.fetch.ResponseHeaders;
import io.mosaicdb.crawler.page.PageResult;
import io.mosaicdb.crawler.robots.RobotsRules;
import io.mosaicdb.crawler.url.HostKey;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/** Another web, whose answers are counted: how fast crawls are, and how the web answers them. */
public final class CountedWeb implements Web {
  private final Web web;
  private final Meters meters;

  public CountedWeb(Web web, Meters meters) {
    this.web = web;
    this.meters = meters;
  }

  /** The counters of all crawls together; there from the beginning. */
  public static final class Meters {
    private final MeterRegistry registry;
    private final Counter bytes;
    private final Counter content;
    private final Counter unchanged;
    private final Counter moved;
    private final Counter rejected;
    private final Counter failed;

    public Meters(MeterRegistry registry) {
      this.registry = registry;
      bytes =
          Counter.builder("mosaic.crawl.bytes")
              .description("Bytes of pages and sitemaps that crawls fetched, decoded")
              .register(registry);
      content = fetches("content");
      unchanged = fetches("unchanged");
      moved = fetches("moved");
      rejected = fetches("rejected");
      failed = fetches("failed");
    }

    private Counter fetches(String outcome) {
      return Counter.builder("mosaic.crawl.fetches")
          .description("Pages and sitemaps that crawls asked for, by how the web answered")
          .tag("outcome", outcome)
          .register(registry);
    }

    private FetchOutcome counted(FetchOutcome outcome) {
      switch (outcome) {
        case FetchOutcome.Content page -> {
          content.increment();
          bytes.increment(page.body().length);
        }
        case FetchOutcome.Unchanged _ -> unchanged.increment();
        case FetchOutcome.Moved _ -> moved.increment();
        case FetchOutcome.Rejected _ -> rejected.increment();
        case FetchOutcome.Failed _ -> failed.increment();
      }
      return outcome;
    }
  }

  @Override
  public FetchOutcome fetch(FetchRequest request) throws InterruptedException {
    return meters.counted(web.fetch(request));
  }

  @Override
  public FetchOutcome fetchFile(URI url, int mostBytes) throws InterruptedException {
    return meters.counted(web.fetchFile(url, mostBytes));
  }

  @Override
  public Optional<RobotsRules> heldRules(HostKey host) {
    return web.heldRules(host);
  }

  @Override
  public RobotsRules rules(HostKey host) throws InterruptedException {
    return web.rules(host);
  }

  @Override
  public Optional<Instant> rulesAskedAgain(HostKey host) {
    return web.rulesAskedAgain(host);
  }

  @Override
  public PageResult read(URI url, ResponseHeaders headers, byte[] body)
      throws InterruptedException {
    return web.read(url, headers, body);
  }

  @Override
  public void close() {
    web.close();
  }
}
