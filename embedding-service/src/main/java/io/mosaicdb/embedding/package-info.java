/**
 * The embedding service: turns texts into vectors for those who may not know how.
 *
 * <p>A request's texts get their prefix, are looked up in the cache, and what is missing goes
 * through the queue to the backend; documents are split into passages first. {@link
 * io.mosaicdb.embedding.Embeddings} is that path in plain Java; the rest of this package configures
 * it and puts it behind HTTP.
 */
@NullMarked
package io.mosaicdb.embedding;

import org.jspecify.annotations.NullMarked;
