/**
 * Stands between requests and the model: {@link io.mosaicdb.embedding.queue.EmbeddingQueue} gathers
 * texts of different requests into batches, lets questions pass documents, and refuses what it has
 * no room for.
 */
@NullMarked
package io.mosaicdb.embedding.queue;

import org.jspecify.annotations.NullMarked;
