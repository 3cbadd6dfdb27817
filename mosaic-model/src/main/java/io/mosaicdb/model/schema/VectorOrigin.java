package io.mosaicdb.model.schema;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Who makes a document's vectors. */
public enum VectorOrigin {
  /** The embedding service, from the document's title and text. */
  SERVER,
  /** The client, one vector a document. */
  CLIENT,
  /** Nobody: the namespace is searched by words alone. */
  NONE;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<VectorOrigin> find(String wireName) {
    return Arrays.stream(values()).filter(origin -> origin.wireName().equals(wireName)).findFirst();
  }
}
