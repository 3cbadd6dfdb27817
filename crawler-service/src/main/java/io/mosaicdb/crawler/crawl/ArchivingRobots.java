package io.mosaicdb.crawler.crawl;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import io.mosaicdb.crawler.robots.RobotsStore;
import io.mosaicdb.crawler.url.HostKey;
import io.mosaicdb.crawler.warc.Exchange;
import io.mosaicdb.crawler.warc.WarcArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Optional;

/**
 * Another store, of which all that this crawl goes by is archived: sitemaps that a robots.txt names
 * are found again in a replay.
 */
public final class ArchivingRobots implements RobotsStore {
  private final RobotsStore store;
  private final WarcArchive archive;
  private final ResponseHeaders sent;
  private final Clock clock;

  public ArchivingRobots(RobotsStore store, WarcArchive archive, String userAgent, Clock clock) {
    this.store = store;
    this.archive = archive;
    this.sent = ResponseHeaders.of("User-Agent", userAgent);
    this.clock = clock;
  }

  @Override
  public Optional<Kept> find(HostKey server) {
    var kept = store.find(server);
    kept.filter(answer -> clock.instant().isBefore(answer.until()))
        .ifPresent(answer -> append(server, answer));
    return kept;
  }

  @Override
  public void keep(HostKey server, Kept answer) {
    store.keep(server, answer);
    append(server, answer);
  }

  private void append(HostKey server, Kept answer) {
    var file = answer.file();
    var url = server.url("/robots.txt");
    try {
      archive.append(
          new Exchange(
              url,
              clock.instant(),
              sent,
              file == null ? 404 : 200,
              file == null
                  ? ResponseHeaders.NONE
                  : ResponseHeaders.of("Content-Type", "text/plain"),
              file == null ? new byte[0] : file,
              false));
    } catch (IOException e) {
      throw new UncheckedIOException("the answer of " + url + " cannot be kept", e);
    }
  }
}
