/**
 * Fetches one URL over HTTP, and says what came of it: content, unchanged, moved, rejected or
 * failed, each failure under its own name. Nothing here follows a redirect or decides what to fetch
 * next. What may not be reached (private addresses) is refused after the name was resolved, and the
 * connection goes to the addresses that were checked, so that a name that changes its address
 * between check and use gains nothing.
 */
@NullMarked
package io.mosaicdb.crawler.fetch;

import org.jspecify.annotations.NullMarked;
