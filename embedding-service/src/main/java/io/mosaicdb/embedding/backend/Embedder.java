package io.mosaicdb.embedding.backend;

import io.mosaicdb.contract.embedding.EmbedderDescription;
import io.mosaicdb.contract.embedding.EmbedderIdentity;
import io.mosaicdb.contract.embedding.TextKind;
import io.mosaicdb.model.schema.Metric;

/**
 * A model as the service uses it.
 *
 * @param maxTokens what the model reads whole, counted with the tokens it adds
 * @param queryPrefix put before every query; may be empty
 * @param passagePrefix put before every passage; may be empty
 */
public record Embedder(
    EmbedderIdentity identity,
    int maxTokens,
    String backend,
    String queryPrefix,
    String passagePrefix,
    Metric similarity) {
  public Embedder {
    if (maxTokens < 16) {
      throw new IllegalArgumentException("max tokens must be >= 16, got " + maxTokens);
    }
  }

  public String prefix(TextKind kind) {
    return switch (kind) {
      case QUERY -> queryPrefix;
      case PASSAGE -> passagePrefix;
    };
  }

  public EmbedderDescription description() {
    return new EmbedderDescription(
        identity.id(),
        identity.revision(),
        identity.dimensions(),
        maxTokens,
        backend,
        queryPrefix,
        similarity.wireName());
  }
}
