/**
 * What crawls know, in one SQLite file ({@code frontier.db}: WAL, application_id 0x4D435257,
 * user_version 2; version 1 lacks {@code robots} and gets it when it is opened). One thread writes
 * and one reads; whatever waits is committed together. A commit that acknowledges something to a
 * user (a crawl begun, paused, changed) is synced to the disk; other commits survive the end of the
 * process at any instant, and of a loss of power the file stays whole and forgets at most what the
 * last moments brought, which is fetched again.
 *
 * <p>What a page led to is committed with the page, in one transaction: that it is done, its text,
 * the URLs it links to, where it stands among its duplicates, and that the index lacks it. So a URL
 * is never lost, and never fetched again for being forgotten. A URL is marked as being fetched
 * before it is; marks that a dead process left are fetched again, first, and at most once.
 *
 * <ul>
 *   <li>{@code crawls}: {@code specification} as JSON, {@code state} and {@code reason}, {@code
 *       run} (1, one more with each recrawl), {@code fetched} pages and {@code bytes} of this run,
 *       times in milliseconds since 1970, UTC
 *   <li>{@code hosts} of a crawl: {@code next_at}, before when not to ask; {@code failures} in a
 *       row; {@code given_up}: why, for this run
 *   <li>{@code urls}: in normal form, once a crawl. {@code kind} page or sitemap; {@code state}
 *       queued, fetching, done, failed, skipped, and its {@code reason}; {@code depth}, {@code
 *       priority}, {@code via} (what led there first), {@code hops} (redirects in a row); {@code
 *       claims} (fetches begun and not ended), {@code tries} in this run, {@code next_at}; the
 *       answer's {@code status}, {@code bytes}, {@code etag}, {@code last_modified}; {@code
 *       text_sha256} and {@code simhash} of the text; {@code interval_ms} and {@code due_at} for
 *       recrawls at a page's own pace; {@code leads_to}: the URL that stands for it (a redirect's
 *       target, the canonical page, the page that it is a duplicate of); {@code changed} counts
 *       what the index should hear of, {@code pushed} is the count it has heard of, {@code urgent}
 *       is 1 unless only anchors changed; {@code document} and {@code document_hash}: what the
 *       index has
 *   <li>{@code pages}: what becomes the document, deflated JSON
 *   <li>{@code links} within the crawl that were followed, with their words
 *   <li>{@code tallies}: URLs by kind, state and reason, kept by triggers
 *   <li>{@code robots}: of a {@code server} (scheme, host, port) the robots.txt as the {@code
 *       agent} was given it, null where it has none; to be asked again at {@code until}
 *   <li>{@code page_fingerprints}: see {@link io.mosaicdb.crawler.duplicate}
 * </ul>
 */
@NullMarked
package io.mosaicdb.crawler.frontier;

import org.jspecify.annotations.NullMarked;
