/**
 * Requests that are answered before they are done: the caller gets a task's address and asks there.
 * Tasks live in this process; one that was running when the process died is unknown afterwards, and
 * its writes are there or not there, each whole.
 */
@NullMarked
package io.mosaicdb.coordinator.task;

import org.jspecify.annotations.NullMarked;
