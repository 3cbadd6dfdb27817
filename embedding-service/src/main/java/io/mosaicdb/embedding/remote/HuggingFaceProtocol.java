package io.mosaicdb.embedding.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Hugging Face's two interfaces, which answer with a bare array of vectors: a
 * text-embeddings-inference server's {@code POST {base}/embed}, and the hosted inference API's
 * {@code POST {base}/models/{model}/pipeline/feature-extraction}.
 */
public record HuggingFaceProtocol(Style style, String model) implements EmbeddingProtocol {

  /** Which of the two. */
  public enum Style {
    TEXT_EMBEDDINGS_INFERENCE,
    INFERENCE_API
  }

  @Override
  public String path() {
    return switch (style) {
      case TEXT_EMBEDDINGS_INFERENCE -> "/embed";
      case INFERENCE_API -> "/models/" + model + "/pipeline/feature-extraction";
    };
  }

  @Override
  public Object request(List<String> texts) {
    return switch (style) {
      // Said aloud, for a server may be set to cut long texts without a word.
      case TEXT_EMBEDDINGS_INFERENCE -> Map.of("inputs", texts, "truncate", false);
      case INFERENCE_API -> Map.of("inputs", texts);
    };
  }

  @Override
  public List<float[]> vectors(JsonNode answer, int texts) {
    if (!answer.isArray()) {
      throw new MalformedAnswerException("it is not an array");
    }
    MalformedAnswerException.requireCount(texts, answer.size());
    var vectors = new ArrayList<float[]>(texts);
    for (JsonNode vector : answer) {
      if (vector.path(0).isArray()) {
        throw new MalformedAnswerException(
            "it has a vector for each token, not for each text; the model does not pool");
      }
      vectors.add(MalformedAnswerException.numbers(vector));
    }
    return vectors;
  }
}
