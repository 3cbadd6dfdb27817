package io.mosaicdb.embedding.queue;

import io.mosaicdb.contract.embedding.EmbeddingVector;
import java.util.concurrent.CompletableFuture;

/**
 * A text, finished for the model, and where its vector goes.
 *
 * @param deadline by {@link System#nanoTime()}; after it nobody waits for the vector any more
 */
public record WaitingText(String text, CompletableFuture<EmbeddingVector> vector, long deadline) {}
