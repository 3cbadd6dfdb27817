/**
 * What a site allows a crawler: robots.txt as RFC 9309 says, read as Google's parser reads it. The
 * parser is our own: crawler-commons decodes paths and joins groups differently, and a table of
 * corrections around it would be longer than the rules themselves.
 */
@NullMarked
package io.mosaicdb.crawler.robots;

import org.jspecify.annotations.NullMarked;
