package io.mosaicdb.contract.embedding;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How vectors are compared. Vectors of a cosine embedder have length 1. */
public enum Similarity {
  @JsonProperty("cosine")
  COSINE,
  @JsonProperty("dot")
  DOT,
  @JsonProperty("l2")
  L2
}
