/** The crawler's service. It starts, is found and reports its health; it does not crawl yet. */
@NullMarked
package io.mosaicdb.crawler;

import org.jspecify.annotations.NullMarked;
