package io.mosaicdb.contract.embedding;

/**
 * What makes two vectors comparable: they are if and only if their identities are equal.
 *
 * @param id the model's name, such as {@code bge-small-en-v1.5-q}
 * @param revision tells apart models of one name; for a local model, from the hash of its file
 */
public record EmbedderIdentity(String id, String revision, int dimensions) {
  public EmbedderIdentity {
    if (id.isBlank()) {
      throw new IllegalArgumentException("embedder id must not be blank");
    }
    if (revision.isBlank()) {
      throw new IllegalArgumentException("embedder revision must not be blank");
    }
    if (dimensions < 1) {
      throw new IllegalArgumentException("embedder dimensions must be > 0, got " + dimensions);
    }
  }
}
