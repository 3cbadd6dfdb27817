package io.mosaicdb.contract.embedding;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.mosaicdb.model.schema.Metric;

/**
 * The embedder as configured.
 *
 * @param maxTokens the longest text, in the model's tokens, that it reads whole
 * @param backend where the model runs: {@code local}, {@code openai} or {@code huggingface}
 * @param queryPrefix what the service puts before a query; empty for most models. Callers send
 *     queries bare.
 * @param similarity how the model's vectors are meant to be compared: a {@link Metric#wireName()};
 *     vectors of a cosine embedder have length 1
 */
public record EmbedderDescription(
    String id,
    String revision,
    int dimensions,
    @JsonProperty("max_tokens") int maxTokens,
    String backend,
    @JsonProperty("query_prefix") String queryPrefix,
    String similarity) {
  public EmbedderDescription {
    if (Metric.find(similarity).isEmpty()) {
      throw new IllegalArgumentException("similarity must be cosine, dot or l2, got " + similarity);
    }
  }

  public EmbedderIdentity identity() {
    return new EmbedderIdentity(id, revision, dimensions);
  }
}
