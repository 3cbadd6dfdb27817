package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import org.jspecify.annotations.Nullable;

/** Checks what the request says about how it is to be answered. */
final class PlanCheck {
  private PlanCheck() {}

  /** The plan to use, which must be one of those that answer such a search; null: not forced. */
  static @Nullable String plan(SearchRequest request, SearchMode mode) {
    var plan = request.plan();
    if (plan == null) {
      return null;
    }
    var other =
        switch (mode) {
          case KEYWORD -> "text_only";
          case SEMANTIC -> "vector_only";
          case HYBRID -> "parallel";
        };
    if (plan.equals("filter_first") && request.filter() == null) {
      throw MosaicException.invalidValue("/plan", "filter_first needs a filter");
    }
    if (!plan.equals(other) && !plan.equals("filter_first")) {
      throw MosaicException.invalidValue(
          "/plan",
          "must be filter_first or %s for a %s search, got '%s'"
              .formatted(other, mode.wireName(), plan));
    }
    return plan;
  }

  /** Which shards need not be searched; null: the request does not say. */
  static SearchRequest.@Nullable RoutingOptionsBody routing(
      SearchRequest request, SearchMode mode, @Nullable String text) {
    var routing = request.routing();
    if (routing == null) {
      return null;
    }
    if (routing.minSimilarity() != null && mode == SearchMode.KEYWORD) {
      throw MosaicException.invalidValue(
          "/routing/min_similarity", "needs vectors, which a keyword search does not look at");
    }
    if (Boolean.TRUE.equals(routing.requireWords()) && text == null) {
      throw MosaicException.invalidValue("/routing/require_words", "needs words in /q");
    }
    return routing;
  }
}
