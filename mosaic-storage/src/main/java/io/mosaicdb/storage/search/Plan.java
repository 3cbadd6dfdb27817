package io.mosaicdb.storage.search;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How one segment is searched. Plans differ in effort; what they find is the same. */
public enum Plan {
  /**
   * The filter first: few documents pass, and each leg looks at these alone. Up to 4 % of the
   * documents, their vectors are compared one by one, which is exact.
   */
  FILTER_FIRST,
  /** The vector index is scanned; what the filter leaves out is passed over in the scan. */
  VECTOR_ONLY,
  /** Postings are added up; what the filter leaves out is passed over. */
  TEXT_ONLY,
  /** Both of the above, each over the whole segment. */
  PARALLEL,
  /** All documents that match, in an order by attributes; nothing is scored. */
  SORT;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Plan> find(String wireName) {
    return Arrays.stream(values()).filter(plan -> plan.wireName().equals(wireName)).findFirst();
  }
}
