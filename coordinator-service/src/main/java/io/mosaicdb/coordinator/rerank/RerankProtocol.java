package io.mosaicdb.coordinator.rerank;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The bodies that servers of rerankers speak. */
enum RerankProtocol {
  /**
   * Hugging Face text-embeddings-inference, {@code POST /rerank}: {@code {"query", "texts",
   * "truncate"}}, answered by {@code [{"index", "score"}]}.
   */
  TEI {
    @Override
    Map<String, Object> request(@Nullable String model, String question, List<String> texts) {
      return Map.of("query", question, "texts", texts, "truncate", true);
    }

    @Override
    JsonNode results(JsonNode answer) {
      return answer;
    }

    @Override
    String score() {
      return "score";
    }
  },
  /**
   * Cohere ({@code POST /v2/rerank}), Jina ({@code POST /v1/rerank}) and those who follow them,
   * such as vLLM: {@code {"model", "query", "documents", "top_n"}}, answered by {@code {"results":
   * [{"index", "relevance_score"}]}}.
   */
  COHERE {
    @Override
    Map<String, Object> request(@Nullable String model, String question, List<String> texts) {
      var body = new LinkedHashMap<String, Object>();
      if (model != null) {
        body.put("model", model);
      }
      body.put("query", question);
      body.put("documents", texts);
      body.put("top_n", texts.size());
      return body;
    }

    @Override
    JsonNode results(JsonNode answer) {
      return answer.path("results");
    }

    @Override
    String score() {
      return "relevance_score";
    }
  };

  abstract Map<String, Object> request(@Nullable String model, String question, List<String> texts);

  abstract JsonNode results(JsonNode answer);

  abstract String score();

  /**
   * The scores in the order of the texts.
   *
   * @throws IllegalArgumentException if the answer is not one score for each text
   */
  final List<Double> scores(JsonNode answer, int texts) {
    var results = results(answer);
    if (!results.isArray() || results.size() != texts) {
      throw new IllegalArgumentException(
          "it has " + results.size() + " results for " + texts + " texts");
    }
    var scores = new Double[texts];
    for (var result : results) {
      int index = result.path("index").asInt(-1);
      double score = result.path(score()).asDouble(Double.NaN);
      if (index < 0 || index >= texts || scores[index] != null || !Double.isFinite(score)) {
        throw new IllegalArgumentException(
            "each result must have an index of its own below "
                + texts
                + " and a number as "
                + score()
                + ", got "
                + result);
      }
      scores[index] = score;
    }
    return List.of(scores);
  }
}
