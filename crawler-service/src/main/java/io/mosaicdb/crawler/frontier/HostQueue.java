package io.mosaicdb.crawler.frontier;

import io.mosaicdb.crawler.url.HostKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A host of a crawl and how much waits there.
 *
 * @param queued URLs that wait
 * @param nextAt before when it is not to be asked
 * @param failures in a row
 * @param givenUp why it is asked no more in this run; null: it is
 */
public record HostQueue(
    long number,
    HostKey host,
    int queued,
    Instant nextAt,
    int failures,
    @Nullable String givenUp) {}
