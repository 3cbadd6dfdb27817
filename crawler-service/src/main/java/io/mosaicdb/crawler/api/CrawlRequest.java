package io.mosaicdb.crawler.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/crawls}. What is absent has its default. */
record CrawlRequest(
    @Nullable String namespace,
    @Nullable List<String> seeds,
    @Nullable List<String> sitemaps,
    @Nullable Boolean robotsSitemaps,
    @Nullable ScopeBody scope,
    @Nullable List<PriorityBody> priorities,
    @Nullable LimitsBody limits,
    @Nullable String userAgent,
    @Nullable Boolean foldDuplicates,
    @Nullable RecrawlBody recrawl,
    @Nullable Boolean warc,
    @Nullable String replay) {
  record ScopeBody(
      @Nullable List<String> hosts,
      @Nullable List<String> paths,
      @Nullable List<String> include,
      @Nullable List<String> exclude) {}

  record PriorityBody(@Nullable String pattern, @Nullable Integer priority) {}

  record LimitsBody(
      @Nullable Integer depth,
      @Nullable Long pages,
      @Nullable Long bytes,
      @Nullable Long durationMs,
      @Nullable Double ratePerHostPerSecond,
      @Nullable Long delayMs,
      @Nullable Integer concurrency,
      @Nullable Integer connectionsPerHost) {}

  record RecrawlBody(@Nullable String interval, @Nullable Boolean adaptive) {}

  /** The body of {@code PATCH /v1/crawls/{id}}. */
  record PaceRequest(@Nullable PaceBody limits) {}

  /** What of the limits changes while a crawl runs. */
  record PaceBody(
      @Nullable Double ratePerHostPerSecond,
      @Nullable Long delayMs,
      @Nullable Integer concurrency,
      @Nullable Integer connectionsPerHost) {}
}
