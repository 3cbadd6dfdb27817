/**
 * From bytes to a page: which characters they are, what of them is the text that a reader came for,
 * what it is called, when it was written, and where it leads. {@link
 * io.mosaicdb.crawler.page.PageReader} is the one way in; it is a pure function of an address,
 * response headers and bytes, bounded in time and memory whatever the bytes are.
 */
@NullMarked
package io.mosaicdb.crawler.page;

import org.jspecify.annotations.NullMarked;
