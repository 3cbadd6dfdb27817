package io.mosaicdb.crawler.frontier;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A crawl as it is kept.
 *
 * @param number its name in the file
 * @param specification JSON, as the API shows it
 * @param reason why it is in its state; null where the state says it all
 * @param run how often it was begun: 1, and one more with each recrawl
 * @param fetched pages of this run
 * @param bytes of these pages
 */
public record CrawlRow(
    long number,
    String id,
    String namespace,
    String specification,
    String state,
    @Nullable String reason,
    int run,
    long fetched,
    long bytes,
    Instant createdAt,
    @Nullable Instant runStartedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant nextRunAt) {}
