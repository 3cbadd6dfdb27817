package io.mosaicdb.model.schema;

import org.jspecify.annotations.Nullable;

/**
 * The vectors of a namespace's passages.
 *
 * @param dimensions 1 to 4,096, and 0 exactly when {@code origin} is {@link VectorOrigin#NONE}
 * @param model the id of the embedder that makes them, null: whichever the server has first; not
 *     null only if {@code origin} is {@link VectorOrigin#SERVER}
 */
public record VectorField(
    int dimensions, Metric metric, VectorOrigin origin, @Nullable String model) {
  public static final int MAX_DIMENSIONS = 4096;
  public static final VectorField ABSENT = new VectorField(0, Metric.COSINE, VectorOrigin.NONE);

  /** Of whichever model the server has first, where it makes them. */
  public VectorField(int dimensions, Metric metric, VectorOrigin origin) {
    this(dimensions, metric, origin, null);
  }

  public VectorField {
    if (model != null && origin != VectorOrigin.SERVER) {
      throw new IllegalArgumentException("model must be absent where source is not server");
    }
    int least = origin == VectorOrigin.NONE ? 0 : 1;
    int most = origin == VectorOrigin.NONE ? 0 : MAX_DIMENSIONS;
    if (dimensions < least || dimensions > most) {
      throw new IllegalArgumentException(
          "dimensions must be between " + least + " and " + most + ", got " + dimensions);
    }
  }

  public boolean present() {
    return origin != VectorOrigin.NONE;
  }
}
