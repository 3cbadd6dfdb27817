/** Web sites on loopback for tests: well-behaved ones with a log, and one that does all wrong. */
@NullMarked
package io.mosaicdb.crawler.testsite;

import org.jspecify.annotations.NullMarked;
