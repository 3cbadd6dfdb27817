/** Positions in the commit logs of a namespace's partitions, and their opaque form on the wire. */
@NullMarked
package io.mosaicdb.coordinator.position;

import org.jspecify.annotations.NullMarked;
