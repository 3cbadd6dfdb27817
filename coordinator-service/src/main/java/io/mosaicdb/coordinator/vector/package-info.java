/** Vectors that come from users. */
@NullMarked
package io.mosaicdb.coordinator.vector;

import org.jspecify.annotations.NullMarked;
