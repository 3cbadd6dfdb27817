/**
 * What every embedding model looks like to the service, wherever it runs: {@link
 * io.mosaicdb.embedding.backend.EmbeddingBackend} turns a batch of finished texts into vectors and
 * counts tokens. Queues, caches, prefixes and splitting are above it and know no vendor.
 */
@NullMarked
package io.mosaicdb.embedding.backend;

import org.jspecify.annotations.NullMarked;
