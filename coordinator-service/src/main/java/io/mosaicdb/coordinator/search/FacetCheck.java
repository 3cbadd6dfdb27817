package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.FacetBody;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.model.schema.Schema;
import java.util.List;

/** Checks which facets are asked for. */
final class FacetCheck {
  private FacetCheck() {}

  static List<FacetBody> check(SearchRequest request, Schema schema) {
    Unavailable.refuse(
        "/facets",
        request.facets() != null && !request.facets().isEmpty() && !schema.fields().isEmpty());
    return List.of();
  }
}
