package io.mosaicdb.contract.embedding;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The embedder as configured.
 *
 * @param maxTokens the longest text, in the model's tokens, that it reads whole
 * @param backend where the model runs: {@code local}, {@code openai} or {@code huggingface}
 * @param queryPrefix what the service puts before a query; empty for most models. Callers send
 *     queries bare.
 * @param similarity how the model's vectors are meant to be compared
 */
public record EmbedderDescription(
    String id,
    String revision,
    int dimensions,
    @JsonProperty("max_tokens") int maxTokens,
    String backend,
    @JsonProperty("query_prefix") String queryPrefix,
    Similarity similarity) {

  public EmbedderIdentity identity() {
    return new EmbedderIdentity(id, revision, dimensions);
  }
}
