package io.mosaicdb.crawler.crawl;

import io.mosaicdb.crawler.fetch.FetchOutcome;
import io.mosaicdb.crawler.fetch.FetchRequest;
import io.mosaicdb.crawler.fetch.ResponseHeaders;
import io.mosaicdb.crawler.page.PageResult;
import io.mosaicdb.crawler.robots.RobotsRules;
import io.mosaicdb.crawler.url.HostKey;
import io.mosaicdb.crawler.warc.Exchange;
import io.mosaicdb.crawler.warc.WarcArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Another web, whose answers are kept in WARC files before anything is made of them. */
public final class ArchivingWeb implements Web {
  private static final byte[] NOTHING = new byte[0];

  private final Web web;
  private final WarcArchive archive;
  private final ResponseHeaders sent;
  private final Clock clock;

  public ArchivingWeb(Web web, WarcArchive archive, String userAgent, Clock clock) {
    this.web = web;
    this.archive = archive;
    this.sent = ResponseHeaders.of("User-Agent", userAgent);
    this.clock = clock;
  }

  @Override
  public FetchOutcome fetch(FetchRequest request) throws InterruptedException {
    return kept(request.url(), web.fetch(request));
  }

  @Override
  public FetchOutcome fetchFile(URI url, int mostBytes) throws InterruptedException {
    return kept(url, web.fetchFile(url, mostBytes));
  }

  private FetchOutcome kept(URI url, FetchOutcome outcome) {
    switch (outcome) {
      case FetchOutcome.Content content ->
          append(
              new Exchange(
                  url,
                  content.at(),
                  sent,
                  content.status(),
                  content.headers(),
                  content.body(),
                  content.headers().first("Content-Encoding").isPresent()));
      case FetchOutcome.Unchanged unchanged ->
          append(new Exchange(url, unchanged.at(), sent, 304, unchanged.headers(), NOTHING, false));
      case FetchOutcome.Moved moved ->
          append(
              new Exchange(
                  url,
                  clock.instant(),
                  sent,
                  moved.status(),
                  ResponseHeaders.of("Location", moved.target().toString()),
                  NOTHING,
                  false));
      case FetchOutcome.Rejected rejected ->
          append(
              new Exchange(
                  url,
                  clock.instant(),
                  sent,
                  rejected.status(),
                  ResponseHeaders.NONE,
                  NOTHING,
                  false));
      case FetchOutcome.Failed _ -> {
        // There was no answer to keep.
      }
    }
    return outcome;
  }

  private void append(Exchange exchange) {
    try {
      archive.append(exchange);
    } catch (IOException e) {
      throw new UncheckedIOException("the answer of " + exchange.url() + " cannot be kept", e);
    }
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
    try {
      archive.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the archive cannot be closed", e);
    }
  }
}
