/** Tests of the package of the same name. */
@NullMarked
package io.mosaicdb.crawler.frontier;

import org.jspecify.annotations.NullMarked;
