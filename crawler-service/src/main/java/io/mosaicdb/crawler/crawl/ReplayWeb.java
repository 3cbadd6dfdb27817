package io.mosaicdb.crawler.crawl;

import io.mosaicdb.crawler.document.DocumentReader;
import io.mosaicdb.crawler.fetch.FetchOutcome;
import io.mosaicdb.crawler.fetch.FetchRequest;
import io.mosaicdb.crawler.fetch.ResponseHeaders;
import io.mosaicdb.crawler.page.PageResult;
import io.mosaicdb.crawler.page.PageSettings;
import io.mosaicdb.crawler.robots.Robots;
import io.mosaicdb.crawler.robots.RobotsRules;
import io.mosaicdb.crawler.url.HostKey;
import io.mosaicdb.crawler.url.UrlNormalizer;
import io.mosaicdb.crawler.warc.Exchange;
import io.mosaicdb.crawler.warc.WarcReplay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The web as WARC files remember it; nobody is asked. What they lack is a 404. What was allowed was
 * decided when they were made.
 */
public final class ReplayWeb implements Web {
  /** Everything is allowed; sitemaps are known again. */
  private record Rules(List<URI> sitemaps) implements RobotsRules {
    @Override
    public boolean allows(URI url) {
      return true;
    }

    @Override
    public Optional<Duration> crawlDelay() {
      return Optional.empty();
    }

    @Override
    public Source source() {
      return Source.ABSENT;
    }
  }

  private final WarcReplay archive;
  private final Map<HostKey, Rules> rules = new ConcurrentHashMap<>();
  private final PageReading reader;

  /** Documents are skipped by their type. */
  public ReplayWeb(WarcReplay archive) {
    this(archive, PageSettings.DEFAULTS.agent(), null);
  }

  /**
   * @param agent the product token whose own robots directives are obeyed
   * @param documents reads documents too. Closed by its owner
   */
  public ReplayWeb(WarcReplay archive, String agent, @Nullable DocumentReader documents) {
    this.archive = archive;
    this.reader = new PageReading(PageSettings.DEFAULTS.withAgent(agent), documents);
  }

  @Override
  public FetchOutcome fetch(FetchRequest request) {
    try {
      var found = archive.find(request.url());
      return found.isEmpty()
          ? new FetchOutcome.Rejected(404, null)
          : outcome(request.url(), found.get());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static UncheckedIOException unreadable(IOException e) {
    return new UncheckedIOException("the archive cannot be read", e);
  }

  private static FetchOutcome outcome(URI url, Exchange exchange) {
    int status = exchange.status();
    if (status == 200 || status == 203) {
      return new FetchOutcome.Content(
          url, status, exchange.headers(), exchange.body(), exchange.at());
    }
    if (status == 304) {
      return new FetchOutcome.Unchanged(url, exchange.headers(), exchange.at());
    }
    if (status >= 300 && status < 400) {
      var target =
          exchange
              .headers()
              .first("Location")
              .flatMap(location -> UrlNormalizer.normalize(url, location));
      if (target.isPresent()) {
        return new FetchOutcome.Moved(url, target.get(), status);
      }
    }
    // Another try would bring the same.
    return new FetchOutcome.Rejected(status >= 400 && status < 500 ? status : 404, null);
  }

  @Override
  public FetchOutcome fetchFile(URI url, int mostBytes) {
    return fetch(FetchRequest.of(url));
  }

  @Override
  public Optional<RobotsRules> heldRules(HostKey host) {
    return Optional.ofNullable(rules.get(host));
  }

  @Override
  public RobotsRules rules(HostKey host) {
    return rules.computeIfAbsent(host, this::read);
  }

  private Rules read(HostKey host) {
    try {
      return new Rules(
          archive
              .find(host.url("/robots.txt"))
              .filter(answer -> answer.status() == 200)
              .map(answer -> Robots.sitemaps(host, answer.body()))
              .orElse(List.of()));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public Optional<Instant> rulesAskedAgain(HostKey host) {
    return Optional.empty();
  }

  @Override
  public PageResult read(URI url, ResponseHeaders headers, byte[] body)
      throws InterruptedException {
    return reader.read(url, headers, body);
  }

  @Override
  public void close() {}
}
