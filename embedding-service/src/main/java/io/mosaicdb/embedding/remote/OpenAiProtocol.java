package io.mosaicdb.embedding.remote;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * OpenAI's {@code POST {base}/embeddings}, which many servers speak.
 *
 * @param dimensions sent where the model can shorten its vectors; null leaves the field out
 */
public record OpenAiProtocol(String model, @Nullable Integer dimensions)
    implements EmbeddingProtocol {

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Request(String model, List<String> input, @Nullable Integer dimensions) {}

  @Override
  public String path() {
    return "/embeddings";
  }

  @Override
  public Object request(List<String> texts) {
    return new Request(model, texts, dimensions);
  }

  @Override
  public List<float[]> vectors(JsonNode answer, int texts) {
    JsonNode data = answer.path("data");
    if (!data.isArray()) {
      throw new MalformedAnswerException("it has no array \"data\"");
    }
    MalformedAnswerException.requireCount(texts, data.size());
    var byIndex = new TreeMap<Integer, float[]>();
    for (int i = 0; i < texts; i++) {
      JsonNode entry = data.get(i);
      int index = entry.path("index").asInt(i);
      float[] vector = MalformedAnswerException.numbers(entry.path("embedding"));
      if (index < 0 || index >= texts || byIndex.put(index, vector) != null) {
        throw new MalformedAnswerException("index " + index + " is out of range or repeated");
      }
    }
    return List.copyOf(byIndex.values());
  }
}
