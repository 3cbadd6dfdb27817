package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.model.schema.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks how hits are grouped and sorted. */
final class OrderCheck {
  private OrderCheck() {}

  static SearchRequest.@Nullable GroupBody group(SearchRequest request, Schema schema) {
    Unavailable.refuse("/group", request.group() != null && !schema.fields().isEmpty());
    return null;
  }

  static List<SearchRequest.SortBody> sort(SearchRequest request, Schema schema) {
    Unavailable.refuse(
        "/sort", request.sort() != null && !request.sort().isEmpty() && !schema.fields().isEmpty());
    return List.of();
  }
}
