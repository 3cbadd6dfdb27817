package io.mosaicdb.worker.search;

import io.mosaicdb.contract.search.SearchRequest.WordsBody;
import io.mosaicdb.storage.text.TextQuery;
import io.mosaicdb.storage.text.TextQueryParser.Options;
import io.mosaicdb.storage.text.WordDemands;
import io.mosaicdb.worker.namespace.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How a request wants its words read. */
final class WordOptions {
  private WordOptions() {}

  static TextQuery parse(Namespace namespace, String text, @Nullable WordsBody words) {
    return namespace.queryParser().parse(text, options(namespace, words));
  }

  static @Nullable WordDemands demands(
      Namespace namespace, String text, @Nullable WordsBody words) {
    return namespace.queryParser().demands(text, options(namespace, words));
  }

  /** A field of weight 0 is not searched at all. */
  private static Options options(Namespace namespace, @Nullable WordsBody words) {
    if (words == null) {
      return Options.DEFAULT;
    }
    List<String> searched = null;
    var weights = new TreeMap<String, Double>();
    if (words.fieldWeights() != null) {
      searched = new ArrayList<>(namespace.schema().fields().keySet());
      for (var entry : words.fieldWeights().entrySet()) {
        var weight = entry.getValue();
        if (weight != null && weight > 0) {
          weights.put(entry.getKey(), weight);
        } else {
          searched.remove(entry.getKey());
        }
      }
    }
    return new Options(
        "and".equals(words.operator()),
        Boolean.TRUE.equals(words.prefix()),
        Boolean.TRUE.equals(words.typo()),
        searched,
        weights);
  }
}
