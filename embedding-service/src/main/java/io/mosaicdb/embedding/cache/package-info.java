/**
 * Remembers vectors: {@link io.mosaicdb.embedding.cache.EmbeddingCache} answers for texts that were
 * embedded lately and joins requests for a text that is being embedded now.
 */
@NullMarked
package io.mosaicdb.embedding.cache;

import org.jspecify.annotations.NullMarked;
