package io.mosaicdb.crawler.fetch;

import java.net.URI;

/** Fetches one URL at a time for each caller. */
@SuppressWarnings("DoNotCallSuggester")
public final class Fetcher implements AutoCloseable {
  private final FetchSettings settings;

  public Fetcher(FetchSettings settings) {
    this.settings = settings;
  }

  /** Fetches a page. Never follows a redirect. */
  public FetchOutcome fetch(FetchRequest request) throws InterruptedException {
    throw new UnsupportedOperationException(
        "fetching " + request.url() + " as " + settings.userAgent());
  }

  /** Fetches the first bytes of a file of any type, such as robots.txt or a sitemap. */
  public FetchOutcome fetchBeginning(URI url, int mostBytes) throws InterruptedException {
    throw new UnsupportedOperationException("fetching " + url + " up to " + mostBytes);
  }

  @Override
  public void close() {}
}
