/**
 * URLs as a crawl needs them: one form for all spellings of one address, and a reason not to follow
 * those that lead nowhere. Parsing follows the WHATWG URL standard, as browsers do, because links
 * are written for browsers; {@link java.net.URI} and {@link java.net.URL} refuse or misread many of
 * them.
 */
@NullMarked
package io.mosaicdb.crawler.url;

import org.jspecify.annotations.NullMarked;
