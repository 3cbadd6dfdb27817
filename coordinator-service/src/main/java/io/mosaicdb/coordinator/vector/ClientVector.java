package io.mosaicdb.coordinator.vector;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.schema.Metric;
import io.mosaicdb.model.schema.VectorField;

/** Whether a vector that a client gave may be stored or searched with. */
public final class ClientVector {
  private ClientVector() {}

  /**
   * @throws MosaicException {@code dimension_mismatch} or {@code invalid_vector} at {@code pointer}
   */
  public static void require(float[] vector, VectorField field, String pointer) {
    if (vector.length != field.dimensions()) {
      throw MosaicException.at(
          ErrorCode.DIMENSION_MISMATCH,
          pointer,
          "must have " + field.dimensions() + " numbers, got " + vector.length);
    }
    double squares = 0;
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw MosaicException.at(
            ErrorCode.INVALID_VECTOR, pointer + "/" + i, "must be finite, got " + vector[i]);
      }
      squares += (double) vector[i] * vector[i];
    }
    if (squares == 0 && field.metric() == Metric.COSINE) {
      throw MosaicException.at(
          ErrorCode.INVALID_VECTOR,
          pointer,
          "must not be all zeros: such a vector has no direction, and the metric is cosine");
    }
  }
}
