/**
 * Crawls: what they are, and how they run. {@link io.mosaicdb.crawler.crawl.Crawls} is the way in.
 * {@code Lanes} decides which host comes next, {@code PageFlow} what is done with a turn, {@code
 * CrawlRun} who does it; all that must not be lost is in the {@linkplain
 * io.mosaicdb.crawler.frontier frontier}. {@code DESIGN.md} beside these files tells it whole.
 */
@NullMarked
package io.mosaicdb.crawler.crawl;

import org.jspecify.annotations.NullMarked;
