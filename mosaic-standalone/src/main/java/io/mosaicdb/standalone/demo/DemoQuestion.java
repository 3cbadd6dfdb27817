package io.mosaicdb.standalone.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A search that the demo shows.
 *
 * @param about what this search is to show
 * @param filter a filter clause, or null for all documents
 */
record DemoQuestion(
    String about, String question, String mode, @Nullable Map<String, Object> filter) {

  /** One question for each way to ask. */
  static List<DemoQuestion> all() {
    return List.of(
        new DemoQuestion("by its words", "BloomFilter false positive", "keyword", null),
        new DemoQuestion(
            "by its meaning, in other words",
            "forget an entry when nobody has asked for it for a while",
            "semantic",
            null),
        new DemoQuestion("by both", "delete a directory with everything in it", "hybrid", null),
        new DemoQuestion(
            "by both, interfaces of two libraries only",
            "run something before each test",
            "hybrid",
            Map.of(
                "and",
                List.of(
                    Map.of(
                        "field",
                        "library",
                        "op",
                        "in",
                        "value",
                        List.of("junit-jupiter-api", "guava")),
                    Map.of("field", "kind", "op", "eq", "value", "interface")))));
  }

  /** The question as a request for a few hits. */
  Map<String, Object> toRequest(int limit) {
    var request = new LinkedHashMap<String, Object>();
    request.put("q", question);
    request.put("mode", mode);
    request.put("limit", limit);
    request.put("fields", List.of("title", "url", "library", "kind", "package"));
    if (filter != null) {
      request.put("filter", filter);
    }
    return request;
  }
}
