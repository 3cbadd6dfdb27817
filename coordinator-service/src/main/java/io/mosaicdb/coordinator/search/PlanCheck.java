package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchRequest;
import org.jspecify.annotations.Nullable;

/** Checks what the request says about how it is to be answered. */
final class PlanCheck {
  private PlanCheck() {}

  static @Nullable String plan(SearchRequest request) {
    Unavailable.refuse("/plan", request.plan() != null);
    return null;
  }

  static @Nullable Double minCentroidSimilarity(SearchRequest request) {
    Unavailable.refuse("/routing", request.routing() != null);
    return null;
  }
}
