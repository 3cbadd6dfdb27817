/**
 * Crawled pages as documents. A page is kept in the frontier first; {@link
 * io.mosaicdb.crawler.index.Indexer} brings what the index lacks to the coordinator, in batches, as
 * often as it takes: while nobody answers the pages wait on disk. A document is sent only if it
 * differs from what was sent last, by the hash of its body.
 *
 * <p>The words of links that lead to a page are a field of its document. They go on coming while
 * the crawl runs; so documents are sent without waiting for them, and those whose anchors changed
 * are sent again from time to time and at the end of the crawl.
 */
@NullMarked
package io.mosaicdb.crawler.index;

import org.jspecify.annotations.NullMarked;
