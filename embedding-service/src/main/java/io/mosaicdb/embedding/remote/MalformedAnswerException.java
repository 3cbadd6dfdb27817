package io.mosaicdb.embedding.remote;

import tools.jackson.databind.JsonNode;

/** A server answered with success and something else than vectors. */
final class MalformedAnswerException extends RuntimeException {
  MalformedAnswerException(String reason) {
    super(reason);
  }

  /** Reads a vector. */
  static float[] numbers(JsonNode array) {
    if (!array.isArray()) {
      throw new MalformedAnswerException("a vector is not an array of numbers");
    }
    float[] numbers = new float[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = array.get(i);
      if (!number.isNumber()) {
        throw new MalformedAnswerException(
            "a vector's component is not a number but " + number.getNodeType());
      }
      numbers[i] = (float) number.doubleValue();
    }
    return numbers;
  }

  static void requireCount(int texts, int vectors) {
    if (vectors != texts) {
      throw new MalformedAnswerException(vectors + " vectors for " + texts + " texts");
    }
  }
}
