/** Services that the coordinator calls, in memory: used directly, or over HTTP. */
@NullMarked
package io.mosaicdb.stubs;

import org.jspecify.annotations.NullMarked;
