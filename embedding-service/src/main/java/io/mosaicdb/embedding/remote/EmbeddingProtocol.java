package io.mosaicdb.embedding.remote;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** How a kind of embedding server is asked and how it answers. */
public sealed interface EmbeddingProtocol permits OpenAiProtocol, HuggingFaceProtocol {

  /** Appended to the configured base URL; begins with a slash. */
  String path();

  /** The request's body, to be written as JSON. */
  Object request(List<String> texts);

  /**
   * The vectors in the order of the texts, as many as there are texts.
   *
   * @throws MalformedAnswerException when the answer has another shape
   */
  List<float[]> vectors(JsonNode answer, int texts);
}
