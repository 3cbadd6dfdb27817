package io.mosaicdb.storage.search;

import io.mosaicdb.model.ranking.AttributeOrder;
import java.util.Comparator;
import java.util.List;

/**
 * An order by attributes, then by id. A document that lacks an attribute comes after those that
 * have it, whatever the direction; of an array the value counts that comes first.
 *
 * @param keys empty for an order by id alone
 */
public record SortOrder(List<Key> keys) {
  public SortOrder {
    keys = List.copyOf(keys);
  }

  /** {@code column} as {@link io.mosaicdb.model.filter.ColumnName} has it. */
  public record Key(String column, boolean descending) {}

  /** The order of hits, of any segments. */
  public Comparator<SearchOutcome.SortedHit> hits() {
    var order = new AttributeOrder(keys.stream().map(Key::descending).toList());
    return (one, other) -> order.compare(one.keys(), one.id(), other.keys(), other.id());
  }
}
