package io.mosaicdb.embedding.backend;

import io.mosaicdb.contract.embedding.EmbeddingVector;
import java.util.List;

/**
 * An embedding model. Safe for use by several threads.
 *
 * <p>Texts arrive finished: prefixed as the model wants them, not blank and no longer than it
 * reads. The same text gives the same vector, whatever else is in its batch, as far as the model
 * behind the backend allows; a local one does.
 */
public interface EmbeddingBackend extends AutoCloseable {

  /** What the model is; does not change while the backend lives. */
  Embedder embedder();

  TokenCounter tokens();

  /** The largest batch worth passing to {@link #embed}; 1 where a batch gains nothing. */
  int batchSize();

  /**
   * One vector for each text, in their order, each with the embedder's dimensions, finite, not all
   * zero, and of length 1 where the embedder's similarity is cosine. Blocks until all are there;
   * either all are or the call fails.
   *
   * @throws io.mosaicdb.contract.error.MosaicException {@code embedder_unavailable} when the model
   *     does not answer, after retries; {@code invalid_value} when it refuses a text
   */
  List<EmbeddingVector> embed(List<String> texts);

  /** Frees what the model holds. No call may be running or follow. */
  @Override
  void close();
}
