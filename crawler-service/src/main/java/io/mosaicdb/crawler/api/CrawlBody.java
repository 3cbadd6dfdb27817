package io.mosaicdb.crawler.api;

import io.mosaicdb.crawler.crawl.CrawlSpecification;
import io.mosaicdb.crawler.crawl.Crawls;
import io.mosaicdb.crawler.frontier.UrlRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A crawl as it is shown.
 *
 * @param reason why it is in its state, where the state does not say it all
 * @param run 1, one more with each recrawl
 * @param urls pages' URLs by state
 * @param outcomes the same by reason; sitemaps are under {@code sitemaps}
 */
record CrawlBody(
    String id,
    String namespace,
    String state,
    @Nullable String reason,
    int run,
    Map<String, Long> urls,
    Map<String, Long> outcomes,
    Map<String, Long> sitemaps,
    ProgressBody progress,
    List<HostBody> hosts,
    IndexingBody indexing,
    List<String> seeds,
    List<String> sitemapSeeds,
    boolean robotsSitemaps,
    CrawlSpecification.ScopeRules scope,
    List<CrawlSpecification.PriorityRule> priorities,
    LimitsBody limits,
    @Nullable String userAgent,
    boolean foldDuplicates,
    @Nullable RecrawlBody recrawl,
    boolean warc,
    @Nullable String replay,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant nextRunAt) {
  /** Of this run; {@code pagesPerSecond} over the last half minute. */
  record ProgressBody(long pages, long bytes, double pagesPerSecond, int workers) {}

  record HostBody(
      String host,
      int queued,
      int requests,
      @Nullable Long nextInMs,
      int failures,
      @Nullable String givenUp) {}

  /**
   * @param pending pages of which the index has not what it should have
   * @param waitingSince since when nobody takes documents
   * @param reason what the last try ended with
   */
  record IndexingBody(
      long pending,
      long written,
      long deleted,
      long unchanged,
      @Nullable Instant waitingSince,
      @Nullable String reason) {}

  record LimitsBody(
      int depth,
      long pages,
      long bytes,
      @Nullable Long durationMs,
      long delayMs,
      int concurrency,
      int connectionsPerHost) {}

  record RecrawlBody(String interval, boolean adaptive) {}

  record CrawlList(List<CrawlBody> crawls) {}

  /** {@code nextCursor} is null on the last page. */
  record UrlList(List<UrlBody> urls, @Nullable String nextCursor) {}

  record UrlBody(
      String url,
      String kind,
      String state,
      String reason,
      @Nullable String detail,
      int depth,
      int priority,
      @Nullable String via,
      @Nullable String leadsTo,
      int tries,
      @Nullable Integer status,
      @Nullable Long bytes,
      @Nullable Instant fetchedAt,
      @Nullable Instant nextTryAt,
      @Nullable String document) {
    static UrlBody of(UrlRow row) {
      return new UrlBody(
          row.url(),
          row.kind(),
          row.state(),
          row.reason(),
          row.detail(),
          row.depth(),
          row.priority(),
          row.via(),
          row.leadsTo(),
          row.tries(),
          row.status(),
          row.bytes(),
          row.fetchedAt(),
          row.nextAt(),
          row.document());
    }
  }

  static CrawlBody of(Crawls.View view) {
    var row = view.row();
    var crawl = view.specification();
    var urls = new TreeMap<String, Long>();
    var outcomes = new TreeMap<String, Long>();
    var sitemaps = new TreeMap<String, Long>();
    for (var state : List.of("queued", "fetching", "done", "failed", "skipped")) {
      urls.put(state, 0L);
    }
    for (var tally : view.tallies()) {
      if (tally.kind().equals("sitemap")) {
        sitemaps.merge(tally.state(), tally.urls(), Long::sum);
      } else {
        urls.merge(tally.state(), tally.urls(), Long::sum);
        outcomes.merge(tally.reason(), tally.urls(), Long::sum);
      }
    }
    return new CrawlBody(
        row.id(),
        row.namespace(),
        row.state(),
        row.reason(),
        row.run(),
        urls,
        outcomes,
        sitemaps,
        new ProgressBody(
            row.fetched(),
            row.bytes(),
            Math.round(view.pagesPerSecond() * 100) / 100.0,
            view.workers()),
        view.hosts().stream().map(CrawlBody::host).toList(),
        indexing(view),
        crawl.seeds(),
        crawl.sitemaps(),
        crawl.robotsSitemaps(),
        crawl.scope(),
        crawl.priorities(),
        limits(crawl.limits()),
        crawl.userAgent(),
        crawl.foldDuplicates(),
        crawl.recrawl() == null
            ? null
            : new RecrawlBody(crawl.recrawl().interval().toString(), crawl.recrawl().adaptive()),
        crawl.warc(),
        crawl.replay(),
        row.createdAt(),
        row.runStartedAt(),
        row.finishedAt(),
        row.nextRunAt());
  }

  private static HostBody host(Crawls.HostState host) {
    return new HostBody(
        host.host(),
        host.queued(),
        host.underWay(),
        host.nextIn() == null ? null : host.nextIn().toMillis(),
        host.failures(),
        host.givenUp());
  }

  private static IndexingBody indexing(Crawls.View view) {
    var status = view.indexing();
    return status == null
        ? new IndexingBody(view.unindexed(), 0, 0, 0, null, null)
        : new IndexingBody(
            view.unindexed(),
            status.written(),
            status.deleted(),
            status.unchanged(),
            status.waitingSince(),
            status.reason());
  }

  private static LimitsBody limits(CrawlSpecification.Limits limits) {
    Duration duration = limits.duration();
    return new LimitsBody(
        limits.depth(),
        limits.pages(),
        limits.bytes(),
        duration == null ? null : duration.toMillis(),
        limits.delay().toMillis(),
        limits.concurrency(),
        limits.connectionsPerHost());
  }
}
