package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.worker.WorkerSearchResponse.LegHit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets no more hits of a group onto a page than asked for. Belongs to one page. */
final class GroupCap {
  private final int size;
  private final Map<Object, Integer> sizes = new HashMap<>();

  GroupCap(SearchQuery query) {
    var group = query.group();
    this.size = group == null || group.size() == null ? Integer.MAX_VALUE : group.size();
  }

  /** Whether the next hit, best first, has its place; one without a group always has. */
  boolean admits(LegHit hit) {
    return hit.group() == null || sizes.merge(hit.group(), 1, Integer::sum) <= size;
  }

  /** The group of a hit as documents show it. */
  static @Nullable Object shown(SearchQuery query, LegHit hit) {
    var group = query.group();
    if (group == null || hit.group() == null) {
      return null;
    }
    var type = ColumnValues.column(group.field(), query.definition().schema(), "/group").type();
    return ColumnValues.shown(ColumnValues.comparable(hit.group(), type), type);
  }
}
