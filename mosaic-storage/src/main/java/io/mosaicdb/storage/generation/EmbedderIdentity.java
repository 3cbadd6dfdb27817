package io.mosaicdb.storage.generation;

/** The model whose vectors stand in a generation: vectors of different identities never mix. */
public record EmbedderIdentity(String id, String revision, int dimensions) {
  public EmbedderIdentity {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("embedder id must not be empty");
    }
    if (dimensions < 1) {
      throw new IllegalArgumentException("dimensions must be > 0, got " + dimensions);
    }
  }

  @Override
  public String toString() {
    return id + "@" + revision + "/" + dimensions;
  }
}
