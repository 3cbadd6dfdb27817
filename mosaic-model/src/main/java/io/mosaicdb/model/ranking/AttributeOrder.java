package io.mosaicdb.model.ranking;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The total order of hits that are sorted by attributes: by one key after the other, then by id. A
 * missing value comes last, whatever the direction.
 *
 * @param descending for each key whether the greatest comes first
 */
public record AttributeOrder(List<Boolean> descending) {
  public AttributeOrder {
    descending = List.copyOf(descending);
  }

  /** Compares two hits; the values of a key are all String, all Long or all Double. */
  public int compare(
      List<@Nullable Object> one, String oneId, List<@Nullable Object> other, String otherId) {
    for (int i = 0; i < descending.size(); i++) {
      int order = compare(one.get(i), other.get(i), descending.get(i));
      if (order != 0) {
        return order;
      }
    }
    return oneId.compareTo(otherId);
  }

  @SuppressWarnings("unchecked")
  private static int compare(@Nullable Object one, @Nullable Object other, boolean greatestFirst) {
    if (one == null || other == null) {
      return Boolean.compare(one == null, other == null);
    }
    int order = ((Comparable<Object>) one).compareTo(other);
    return greatestFirst ? -order : order;
  }
}
