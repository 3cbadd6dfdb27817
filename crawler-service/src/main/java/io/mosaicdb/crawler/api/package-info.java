/** Crawls over HTTP: requests and their checks, answers, live events. */
@NullMarked
package io.mosaicdb.crawler.api;

import org.jspecify.annotations.NullMarked;
