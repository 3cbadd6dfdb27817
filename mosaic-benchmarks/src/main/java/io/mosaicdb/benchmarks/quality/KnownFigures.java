package io.mosaicdb.benchmarks.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * nDCG@10 of known systems, from {@code bm25-baselines.json} and {@code published-scores.json}
 * where they are among the collections. Published figures are those of the test questions.
 */
final class KnownFigures {
  private static final String CLASSIC = "porter stem + 33 Lucene stop words, k1=1.2 b=0.75";
  private final Map<String, Double> keyword = new HashMap<>();
  private final Map<String, Double> semantic = new HashMap<>();

  private KnownFigures() {}

  static KnownFigures read(Path data) throws IOException {
    var known = new KnownFigures();
    for (JsonNode run : json(data, "bm25-baselines.json").path("runs")) {
      if (run.path("system").asString("").contains(CLASSIC)) {
        known.keyword.put(run.path("collection").asString(), run.path("ndcg_at_10").asDouble());
      }
    }
    for (JsonNode run : json(data, "published-scores.json").path("mteb")) {
      if (run.path("split").asString("").equals("test")) {
        var model = run.path("model").asString("");
        known.semantic.put(
            key(run.path("task").asString(""), model.substring(model.indexOf('/') + 1)),
            run.path("ndcg_at_10").asDouble());
      }
    }
    return known;
  }

  /** BM25's figure for the collection. */
  @Nullable Double keyword(String collection) {
    return keyword.get(collection);
  }

  /** The figure of the model that {@code embedder} is, quantized or not. */
  @Nullable Double semantic(String collection, String embedder) {
    var exact = semantic.get(key(collection, embedder));
    return exact != null || !embedder.endsWith("-q")
        ? exact
        : semantic.get(key(collection, embedder.substring(0, embedder.length() - 2)));
  }

  private static String key(String collection, String model) {
    return (collection + " " + model).toLowerCase(Locale.ROOT);
  }

  private static JsonNode json(Path data, String name) throws IOException {
    var mapper = new JsonMapper();
    for (var file : List.of(data.resolve(name), data.resolve("ir").resolve(name))) {
      if (Files.exists(file)) {
        return mapper.readTree(Files.readAllBytes(file));
      }
    }
    return mapper.missingNode();
  }
}
