package io.mosaicdb.crawler.crawl;

import io.mosaicdb.crawler.document.DocumentReader;
import io.mosaicdb.crawler.fetch.FetchOutcome;
import io.mosaicdb.crawler.fetch.FetchRequest;
import io.mosaicdb.crawler.fetch.FetchSettings;
import io.mosaicdb.crawler.fetch.Fetcher;
import io.mosaicdb.crawler.fetch.ResponseHeaders;
import io.mosaicdb.crawler.page.PageResult;
import io.mosaicdb.crawler.page.PageSettings;
import io.mosaicdb.crawler.robots.Robots;
import io.mosaicdb.crawler.robots.RobotsRules;
import io.mosaicdb.crawler.robots.RobotsStore;
import io.mosaicdb.crawler.url.HostKey;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The web itself, over HTTP. */
public final class LiveWeb implements Web {
  private final Fetcher fetcher;
  private final Robots robots;
  private final PageReading reader;

  /** A web of pages. */
  public LiveWeb(FetchSettings settings, Robots.Turn turn, Clock clock) {
    this(settings, turn, clock, RobotsStore.NONE, null);
  }

  /**
   * @param store knows what servers said in robots.txt before
   * @param documents reads documents too; null: they are skipped by their type. Closed by its owner
   */
  public LiveWeb(
      FetchSettings settings,
      Robots.Turn turn,
      Clock clock,
      RobotsStore store,
      @Nullable DocumentReader documents) {
    var agent = productToken(settings.userAgent());
    this.fetcher = new Fetcher(documents == null ? settings : withDocuments(settings));
    this.robots = new Robots(fetcher, agent, turn, clock, store);
    this.reader = new PageReading(PageSettings.DEFAULTS.withAgent(agent), documents);
  }

  private static FetchSettings withDocuments(FetchSettings settings) {
    var types = new HashSet<>(settings.types());
    types.addAll(DocumentReader.TYPES);
    return settings.withTypes(types);
  }

  /**
   * The name by which robots.txt knows an agent: the letters, {@code -} and {@code _} it begins
   * with.
   */
  public static String productToken(String userAgent) {
    int end = 0;
    while (end < userAgent.length() && isToken(userAgent.charAt(end))) {
      end++;
    }
    return userAgent.substring(0, end);
  }

  private static boolean isToken(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  }

  @Override
  public FetchOutcome fetch(FetchRequest request) throws InterruptedException {
    return fetcher.fetch(request);
  }

  @Override
  public FetchOutcome fetchFile(URI url, int mostBytes) throws InterruptedException {
    return fetcher.fetchBeginning(url, mostBytes);
  }

  @Override
  public Optional<RobotsRules> heldRules(HostKey host) {
    return robots.held(host);
  }

  @Override
  public RobotsRules rules(HostKey host) throws InterruptedException {
    return robots.rules(host);
  }

  @Override
  public Optional<Instant> rulesAskedAgain(HostKey host) {
    return robots.askedAgain(host);
  }

  @Override
  public PageResult read(URI url, ResponseHeaders headers, byte[] body)
      throws InterruptedException {
    return reader.read(url, headers, body);
  }

  @Override
  public void close() {
    fetcher.close();
  }
}
