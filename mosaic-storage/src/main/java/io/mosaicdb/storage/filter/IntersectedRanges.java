package io.mosaicdb.storage.filter;

import io.mosaicdb.model.filter.Filter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes one range of several on one attribute, for estimates: "from" and "to" belong together. */
final class IntersectedRanges {
  private IntersectedRanges() {}

  static List<Filter> of(List<Filter> parts) {
    var ranges = new LinkedHashMap<String, Filter.Range>();
    var others = new ArrayList<Filter>(parts.size());
    for (Filter part : parts) {
      if (part instanceof Filter.Range range) {
        ranges.merge(range.field(), range, IntersectedRanges::intersection);
      } else {
        others.add(part);
      }
    }
    others.addAll(ranges.values());
    return others;
  }

  private static Filter.Range intersection(Filter.Range one, Filter.Range other) {
    boolean lower = isTighter(one.least(), other.least(), 1);
    boolean upper = isTighter(one.most(), other.most(), -1);
    return new Filter.Range(
        one.field(),
        lower ? one.least() : other.least(),
        lower ? one.leastIncluded() : other.leastIncluded(),
        upper ? one.most() : other.most(),
        upper ? one.mostIncluded() : other.mostIncluded());
  }

  @SuppressWarnings("unchecked")
  private static boolean isTighter(@Nullable Object one, @Nullable Object other, int direction) {
    return other == null
        || (one != null && ((Comparable<Object>) one).compareTo(other) * direction > 0);
  }
}
