package io.mosaicdb.crawler.index;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a crawl's documents are.
 *
 * @param written documents since the process began, every sending counted
 * @param deleted the same
 * @param unchanged documents that were not sent because they were the same as before
 * @param waitingSince since when nobody takes documents; null: they are taken
 * @param reason what the last try ended with; null: it went well
 */
public record IndexStatus(
    long written,
    long deleted,
    long unchanged,
    @Nullable Instant waitingSince,
    @Nullable String reason) {}
