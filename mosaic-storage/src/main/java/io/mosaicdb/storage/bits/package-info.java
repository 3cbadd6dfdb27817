/** Sets of ordinals as plain bitmaps: what a filter evaluates to and what every scan tests. */
@NullMarked
package io.mosaicdb.storage.bits;

import org.jspecify.annotations.NullMarked;
