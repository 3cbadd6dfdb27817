package io.mosaicdb.standalone.demo;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A search that the demo shows.
 *
 * @param about what this search is to show
 * @param filter a filter clause, or null for all documents
 * @param authority what links are worth, or null for what they are by default
 */
record DemoQuestion(
    String about,
    String question,
    String mode,
    @Nullable Map<String, Object> filter,
    @Nullable Double authority) {

  /**
   * One question for each way to ask.
   *
   * @param site where the documentation is
   */
  static List<DemoQuestion> all(URI site) {
    return List.of(
        new DemoQuestion("by its words", "BloomFilter false positive", "keyword", null, null),
        new DemoQuestion(
            "by its meaning, in other words",
            "forget an entry when nobody has asked for it for a while",
            "semantic",
            null,
            null),
        new DemoQuestion(
            "by both", "delete a directory with everything in it", "hybrid", null, null),
        new DemoQuestion(
            "by both, two libraries only",
            "run something before each test",
            "hybrid",
            Map.of("or", List.of(below(site, "junit-jupiter-api"), below(site, "guava"))),
            null),
        new DemoQuestion(
            "by its words, links left out", "immutable collection", "keyword", null, 0.0),
        new DemoQuestion(
            "the same, what links lead to raised", "immutable collection", "keyword", null, null));
  }

  private static Map<String, Object> below(URI site, String library) {
    return Map.of("field", "url", "op", "prefix", "value", site.resolve(library + "/").toString());
  }

  /** The question as a request for a few hits. */
  Map<String, Object> toRequest(int limit) {
    var request = new LinkedHashMap<String, Object>();
    request.put("q", question);
    request.put("mode", mode);
    request.put("limit", limit);
    request.put("fields", List.of("title", "url"));
    if (filter != null) {
      request.put("filter", filter);
    }
    if (authority != null) {
      request.put("authority", Map.of("weight", authority));
    }
    return request;
  }
}
