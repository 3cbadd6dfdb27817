/**
 * What the embedding service is asked and answers: {@link
 * io.mosaicdb.contract.embedding.EmbeddingApi} turns queries into vectors, and texts into passages
 * with vectors. Every answer names the embedder that made it, because vectors of two embedders, or
 * of two revisions of one, must never meet in an index.
 */
@NullMarked
package io.mosaicdb.contract.embedding;

import org.jspecify.annotations.NullMarked;
