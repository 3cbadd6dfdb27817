/**
 * Cursors: where a walk through the hits of a search stands.
 *
 * <p>A cursor is self-contained. It names the snapshot that the walk is pinned to, what was asked,
 * which hits the first page gave, and how far the walk has come; the window of hits that pages are
 * cut from is kept in memory, and found again from the snapshot where it is not.
 */
@NullMarked
package io.mosaicdb.coordinator.cursor;

import org.jspecify.annotations.NullMarked;
