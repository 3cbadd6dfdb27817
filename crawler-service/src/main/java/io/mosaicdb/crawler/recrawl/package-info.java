/** When a page is looked at again: soon where it changes, late where it does not. */
@NullMarked
package io.mosaicdb.crawler.recrawl;

import org.jspecify.annotations.NullMarked;
