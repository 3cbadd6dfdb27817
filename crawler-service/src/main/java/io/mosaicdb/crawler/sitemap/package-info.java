/** Sitemaps, indexes of sitemaps and feeds as lists of URLs, read by crawler-commons. */
@NullMarked
package io.mosaicdb.crawler.sitemap;

import org.jspecify.annotations.NullMarked;
