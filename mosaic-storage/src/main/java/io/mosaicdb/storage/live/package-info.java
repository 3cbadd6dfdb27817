/**
 * Documents that are committed but not yet sealed: in memory, searchable at once, rebuilt from the
 * log.
 *
 * <p>One thread (the partition's applier) appends; readers hold a {@link
 * io.mosaicdb.storage.live.LiveView} that sees the documents that were there when it was made, and
 * nothing that came later.
 */
@NullMarked
package io.mosaicdb.storage.live;

import org.jspecify.annotations.NullMarked;
