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

  static @Nullable Double minCentroidSimilarity(SearchRequest request) {
    Unavailable.refuse("/routing", request.routing() != null);
    return null;
  }
}
