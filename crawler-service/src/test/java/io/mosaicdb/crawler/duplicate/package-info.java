/** Tests of what the package of this name does. */
@NullMarked
package io.mosaicdb.crawler.duplicate;

import org.jspecify.annotations.NullMarked;
