/**
 * Pages that say the same. Exact duplicates share the SHA-256 of their normalised text; near
 * duplicates have SimHashes that differ in at most three of 64 bits. {@link
 * io.mosaicdb.crawler.duplicate.DuplicateTable} keeps the fingerprints of a crawl in two tables of
 * the caller's SQLite connection and says of each page whether it is shown or folded into another
 * one. What it says depends on the set of pages alone, never on the order in which they were
 * fetched, so an interrupted crawl ends like an undisturbed one.
 *
 * <p>The fingerprint and its look-up follow Manku, Jain and Das Sarma, Detecting Near-Duplicates
 * for Web Crawling, WWW 2007; the hash of a text is Charikar's, Similarity Estimation Techniques
 * from Rounding Algorithms, STOC 2002.
 */
@NullMarked
package io.mosaicdb.crawler.duplicate;

import org.jspecify.annotations.NullMarked;
