package io.mosaicdb.crawler.frontier;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A URL that is being fetched.
 *
 * @param number its name in the file
 * @param hops redirects in a row that led there
 * @param tries how often it was tried in this run, without this time
 * @param etag of the content at hand; null where there is none
 * @param lastModified of the content at hand; null where there is none
 * @param textSha256 of the text at hand; null where there is none
 * @param intervalMillis since the last time it was found changed or not; null before a recrawl
 */
public record ClaimedUrl(
    long number,
    long host,
    URI url,
    UrlKind kind,
    int depth,
    int priority,
    int hops,
    int tries,
    @Nullable String etag,
    @Nullable String lastModified,
    @Nullable String textSha256,
    @Nullable Long intervalMillis) {}
