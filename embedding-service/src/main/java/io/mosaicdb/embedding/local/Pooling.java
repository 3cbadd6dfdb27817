package io.mosaicdb.embedding.local;

/** How one vector is made of a model's vector for each token. */
public enum Pooling {
  /** The first token's. */
  CLS,
  /** The mean of all. */
  MEAN
}
