package io.mosaicdb.crawler.frontier;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a URL.
 *
 * @param kind {@code page} or {@code sitemap}
 * @param via the URL that led there first
 * @param leadsTo the URL that stands for it
 * @param document the id of its document; null while there is none in the index
 */
public record UrlRow(
    long number,
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
    @Nullable Instant nextAt,
    @Nullable String document) {}
