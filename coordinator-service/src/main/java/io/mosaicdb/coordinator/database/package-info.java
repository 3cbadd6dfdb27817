/**
 * SQLite files that the coordinator keeps for itself: tasks, cached answers, the routing database.
 * Each has one connection and one platform thread, since a native call would pin the carrier of a
 * virtual thread; whoever asks waits in a bounded queue.
 */
@NullMarked
package io.mosaicdb.coordinator.database;

import org.jspecify.annotations.NullMarked;
