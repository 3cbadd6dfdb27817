/** Everything that a snapshot of a namespace holds, as lines that a bulk upload takes. */
@NullMarked
package io.mosaicdb.coordinator.export;

import org.jspecify.annotations.NullMarked;
