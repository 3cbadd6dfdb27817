package io.mosaicdb.crawler.crawl;

import io.mosaicdb.crawler.fetch.FetchOutcome;
import io.mosaicdb.crawler.fetch.FetchRequest;
import io.mosaicdb.crawler.fetch.ResponseHeaders;
import io.mosaicdb.crawler.page.PageResult;
import io.mosaicdb.crawler.robots.RobotsRules;
import io.mosaicdb.crawler.url.HostKey;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/** What one crawl sees of the world. Thread-safe. */
public interface Web extends AutoCloseable {
  /** Fetches a page; never follows a redirect. */
  FetchOutcome fetch(FetchRequest request) throws InterruptedException;

  /** Fetches a file of any type. */
  FetchOutcome fetchFile(URI url, int mostBytes) throws InterruptedException;

  /** The rules of a host that are at hand. */
  Optional<RobotsRules> heldRules(HostKey host);

  /** The rules of a host; asks it where none are at hand. */
  RobotsRules rules(HostKey host) throws InterruptedException;

  /** When a host whose rules could not be had is asked for them again; empty where that is open. */
  Optional<Instant> rulesAskedAgain(HostKey host);

  /** Reads what was fetched; may wait for another process where it is a document. */
  PageResult read(URI url, ResponseHeaders headers, byte[] body) throws InterruptedException;

  @Override
  void close();
}
