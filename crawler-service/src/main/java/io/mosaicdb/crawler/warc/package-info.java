/**
 * A crawl on disk, as archives keep it: WARC 1.1 files of gzipped records, written and read by
 * jwarc.
 */
@NullMarked
package io.mosaicdb.crawler.warc;

import org.jspecify.annotations.NullMarked;
