/** Crawls of real sites that lie on disk, for trying by hand. */
@NullMarked
package io.mosaicdb.crawler.sites;

import org.jspecify.annotations.NullMarked;
