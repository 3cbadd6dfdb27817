package io.mosaicdb.crawler.frontier;

import org.jspecify.annotations.Nullable;

/**
 * What the index has now.
 *
 * @param changed as in {@link Pending}
 * @param document null: nothing
 */
public record Pushed(
    long url, long changed, @Nullable String document, byte @Nullable [] documentHash) {}
