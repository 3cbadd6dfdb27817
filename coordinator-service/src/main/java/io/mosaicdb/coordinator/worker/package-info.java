/**
 * Which workers there are, and which of them holds a partition. Partitions are dealt out by index
 * modulo the sorted instances; with one worker it holds everything.
 */
@NullMarked
package io.mosaicdb.coordinator.worker;

import org.jspecify.annotations.NullMarked;
