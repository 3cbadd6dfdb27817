package io.mosaicdb.contract.embedding;

import java.util.List;

/**
 * A vector for each text of the request, in its order.
 *
 * @param truncated positions, ascending, of the queries that were longer than the model reads and
 *     whose vectors stand for their beginnings only. A passage is never cut: one that is too long
 *     is refused.
 */
public record EmbedResponse(
    EmbedderIdentity embedder, List<EmbeddingVector> vectors, List<Integer> truncated) {
  public EmbedResponse {
    vectors = List.copyOf(vectors);
    truncated = List.copyOf(truncated);
  }
}
