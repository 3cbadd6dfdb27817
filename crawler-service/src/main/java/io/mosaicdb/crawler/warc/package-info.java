/**
 * A crawl on disk, as archives keep it: WARC 1.1 files (ISO 28500:2017) of gzipped records, written
 * and read by jwarc. {@link io.mosaicdb.crawler.warc.WarcArchive} writes what was asked and
 * answered; {@link io.mosaicdb.crawler.warc.WarcReplay} finds answers in such files instead of the
 * network.
 *
 * <p>Every record is a gzip member of its own, so a file is valid up to its last whole record
 * whatever happened to its writer. A file that is being written is named {@code ….warc.gz.open}; it
 * gets its final name after it was synced.
 */
@NullMarked
package io.mosaicdb.crawler.warc;

import org.jspecify.annotations.NullMarked;
