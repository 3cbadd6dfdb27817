package io.mosaicdb.embedding.backend;

import io.mosaicdb.contract.embedding.EmbeddingVector;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.schema.Metric;

/** Turns what a model answered into a vector that keeps {@link EmbeddingBackend#embed}'s word. */
public final class VectorCheck {
  private final int dimensions;
  private final Metric similarity;

  public VectorCheck(int dimensions, Metric similarity) {
    this.dimensions = dimensions;
    this.similarity = similarity;
  }

  /**
   * The answer as a vector, scaled to length 1 where the similarity is cosine.
   *
   * @throws MosaicException {@code embedder_unavailable} when the model's answer is no such vector
   */
  public EmbeddingVector vector(float[] answer) {
    if (answer.length != dimensions) {
      throw new MosaicException(
          ErrorCode.EMBEDDER_UNAVAILABLE,
          "the embedding model answered a vector of "
              + answer.length
              + " dimensions, configured are "
              + dimensions);
    }
    double squares = 0;
    for (float component : answer) {
      squares += (double) component * component;
    }
    if (!Double.isFinite(squares) || squares == 0) {
      throw new MosaicException(
          ErrorCode.EMBEDDER_UNAVAILABLE,
          "the embedding model answered a vector "
              + (squares == 0 ? "of zeros" : "with a component that is not finite"));
    }
    return EmbeddingVector.of(similarity == Metric.COSINE ? scaled(answer, squares) : answer);
  }

  private static float[] scaled(float[] answer, double squares) {
    double length = Math.sqrt(squares);
    float[] unit = new float[answer.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (answer[i] / length);
    }
    return unit;
  }
}
