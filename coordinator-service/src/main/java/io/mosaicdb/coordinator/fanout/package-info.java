/** Work of one request on many threads. */
@NullMarked
package io.mosaicdb.coordinator.fanout;

import org.jspecify.annotations.NullMarked;
