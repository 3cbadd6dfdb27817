package io.mosaicdb.storage.search;

/**
 * At most so many hits of each group.
 *
 * @param column whose value makes the group, as {@link io.mosaicdb.model.filter.ColumnName} has it;
 *     documents without one are each a group of their own
 * @param size hits of a group on a page
 * @param spare further hits of a group that a leg may bring, for a fusion to choose from
 */
public record Grouping(String column, int size, int spare) {
  public Grouping {
    if (size < 1 || spare < 0) {
      throw new IllegalArgumentException(
          "size must be > 0 and spare >= 0, got " + size + " and " + spare);
    }
  }

  /**
   * Whether a leg keeps a hit.
   *
   * @param number which of its group it is, from 1
   * @param first whether it is one of the first, which a fusion has without groups too
   */
  boolean keeps(int number, boolean first) {
    return number <= size + spare || (first && spare > 0);
  }
}
