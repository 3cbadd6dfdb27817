/**
 * The embedding service as the coordinator uses it: queries with a deadline, passages in
 * sub-batches.
 */
@NullMarked
package io.mosaicdb.coordinator.embedding;

import org.jspecify.annotations.NullMarked;
