/** Tests of the package of the same name. */
@NullMarked
package io.mosaicdb.crawler.crawl;

import org.jspecify.annotations.NullMarked;
