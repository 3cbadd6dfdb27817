/**
 * Writes: documents are checked one by one, embedded, routed by hash slot and committed, one commit
 * a partition. A document that cannot be accepted fails alone; a dependency that is away fails the
 * request before anything is stored.
 */
@NullMarked
package io.mosaicdb.coordinator.ingest;

import org.jspecify.annotations.NullMarked;
