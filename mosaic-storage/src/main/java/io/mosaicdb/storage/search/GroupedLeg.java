package io.mosaicdb.storage.search;

import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.filter.ColumnView;
import io.mosaicdb.storage.segment.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the best hits of one segment until enough groups are among them. A group that is full is
 * left out of the next question, so that the second finds what the first one's crowd hid.
 */
final class GroupedLeg {
  private final Segment segment;
  private final Grouping grouping;
  private final @Nullable ColumnView column;

  GroupedLeg(Segment segment, Grouping grouping) {
    this.segment = segment;
    this.grouping = grouping;
    this.column = segment.column(grouping.column()).orElse(null);
  }

  /** Finds the {@code most} best of {@code accept} (null: all), best first. */
  interface Finder<H> {
    List<H> find(@Nullable OrdinalSet accept, int most);
  }

  /** A hit and its group, null where its document lacks the attribute. */
  record Grouped<H>(H hit, @Nullable Object group) {}

  /**
   * The best hits, at most {@code size + spare} of a group, among them {@code wanted} that stay
   * when each group is cut to {@code size}, if there are so many. For a fusion the first {@code
   * wanted} are all there, as in a leg without groups.
   */
  <H> List<Grouped<H>> find(
      @Nullable OrdinalSet accept, int wanted, ToIntFunction<H> documentOf, Finder<H> finder) {
    var found = new ArrayList<Grouped<H>>();
    var sizes = new HashMap<Object, Integer>();
    int staying = 0;
    int most = wanted;
    var left = accept;
    while (true) {
      var hits = finder.find(left, most);
      var seen = new ArrayList<Integer>(hits.size());
      for (H hit : hits) {
        int document = documentOf.applyAsInt(hit);
        seen.add(document);
        var group = groupOf(document);
        int size = group == null ? 1 : sizes.merge(group, 1, Integer::sum);
        staying += size <= grouping.size() ? 1 : 0;
        if (grouping.keeps(size, found.size() < wanted)) {
          found.add(new Grouped<>(hit, group));
        }
      }
      if (hits.size() < most || staying >= wanted) {
        return found;
      }
      left = without(left, seen, full(sizes));
      most = Math.min(most * 2, segment.documentCount());
    }
  }

  @Nullable Object groupOf(int document) {
    int entry = column == null ? -1 : column.find(document);
    return column == null || entry < 0 ? null : column.value(entry);
  }

  private Set<Object> full(Map<Object, Integer> sizes) {
    var full = new HashSet<>();
    sizes.forEach((group, size) -> {
      if (size >= grouping.size() + grouping.spare()) {
        full.add(group);
      }
    });
    return full;
  }

  private OrdinalSet without(
      @Nullable OrdinalSet accept, List<Integer> seen, Set<Object> fullGroups) {
    int documents = segment.documentCount();
    var words = (accept == null ? OrdinalSet.all(documents) : accept).words().clone();
    for (int document : seen) {
      words[document >>> 6] &= ~(1L << document);
    }
    if (column != null && !fullGroups.isEmpty()) {
      var isFull = inGroups(column, fullGroups);
      for (int i = 0; i < column.entries(); i++) {
        if (isFull.test(i)) {
          int document = column.ordinals()[i];
          words[document >>> 6] &= ~(1L << document);
        }
      }
    }
    return OrdinalSet.wrap(words, documents);
  }

  private static IntPredicate inGroups(ColumnView column, Set<Object> groups) {
    if (column instanceof ColumnView.Texts texts) {
      var full = fullCodes(texts, groups);
      return entry -> full[texts.codes()[entry]];
    }
    return entry -> groups.contains(column.value(entry));
  }

  private static boolean[] fullCodes(ColumnView.Texts texts, Set<Object> fullGroups) {
    var full = new boolean[texts.distinct()];
    for (int code = 0; code < full.length; code++) {
      full[code] = fullGroups.contains(texts.dictionary()[code]);
    }
    return full;
  }
}
