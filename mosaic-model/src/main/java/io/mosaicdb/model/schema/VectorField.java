package io.mosaicdb.model.schema;

/**
 * The vectors of a namespace's passages.
 *
 * @param dimensions 1 to 4,096, and 0 exactly when {@code origin} is {@link VectorOrigin#NONE}
 */
public record VectorField(int dimensions, Metric metric, VectorOrigin origin) {
  public static final int MAX_DIMENSIONS = 4096;
  public static final VectorField ABSENT = new VectorField(0, Metric.COSINE, VectorOrigin.NONE);

  public VectorField {
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
