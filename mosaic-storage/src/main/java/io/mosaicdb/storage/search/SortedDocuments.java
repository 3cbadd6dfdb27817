package io.mosaicdb.storage.search;

import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.filter.ColumnView;
import io.mosaicdb.storage.segment.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The first documents of one segment in an order by attributes. For one thread. */
final class SortedDocuments {
  private final Segment segment;
  private final List<Column> columns;

  SortedDocuments(Segment segment, SortOrder order) {
    this.segment = segment;
    this.columns =
        order.keys().stream()
            .map(key -> new Column(segment.column(key.column()).orElse(null), key.descending()))
            .toList();
  }

  /** A document and, for each key, the entry of its column that counts, -1 for none. */
  private record Place(int document, int[] entries) {}

  /**
   * The first {@code most} of {@code documents} (all if null), in order. Looks at every one of
   * them, and keeps no more than {@code most}.
   */
  int[] first(@Nullable OrdinalSet documents, int most) {
    columns.forEach(Column::rewind);
    Comparator<Place> order = this::compare;
    var kept = new PriorityQueue<Place>(Math.max(1, Math.min(most, 1_024)), order.reversed());
    var scratch = new int[columns.size()];
    for (int document = 0; document < segment.documentCount(); document++) {
      if (documents != null && !documents.contains(document)) {
        continue;
      }
      for (int i = 0; i < scratch.length; i++) {
        scratch[i] = columns.get(i).entryOf(document);
      }
      var last = kept.size() < most ? null : kept.peek();
      if (last == null && most > 0) {
        kept.add(new Place(document, scratch.clone()));
      } else if (last != null && compare(new Place(document, scratch), last) < 0) {
        kept.poll();
        kept.add(new Place(document, scratch.clone()));
      }
    }
    var places = new ArrayList<>(kept);
    places.sort(order);
    return places.stream().mapToInt(Place::document).toArray();
  }

  private int compare(Place one, Place other) {
    for (int i = 0; i < columns.size(); i++) {
      int order = columns.get(i).compare(one.entries()[i], other.entries()[i]);
      if (order != 0) {
        return order;
      }
    }
    return segment.id(one.document()).compareTo(segment.id(other.document()));
  }

  /** What {@code document} is sorted by: a String, Long or Double for each key, null for none. */
  List<@Nullable Object> keys(int document) {
    var keys = new ArrayList<@Nullable Object>(columns.size());
    for (Column column : columns) {
      column.rewind();
      int entry = column.entryOf(document);
      keys.add(column.view == null || entry < 0 ? null : column.value(entry));
    }
    return keys;
  }

  /** One key's column, read in ascending order of documents. */
  private static final class Column {
    private final @Nullable ColumnView view;
    private final boolean descending;
    private int next;

    Column(@Nullable ColumnView view, boolean descending) {
      this.view = view;
      this.descending = descending;
    }

    void rewind() {
      next = 0;
    }

    /** The entry that comes first in this order, -1 if the document has none. */
    int entryOf(int document) {
      if (view == null) {
        return -1;
      }
      var ordinals = view.ordinals();
      int from = next;
      if (from < view.entries() && ordinals[from] < document - 64) {
        from = Math.max(from, view.firstFrom(document));
      }
      while (from < view.entries() && ordinals[from] < document) {
        from++;
      }
      next = from;
      int best = -1;
      for (int entry = from; entry < view.entries() && ordinals[entry] == document; entry++) {
        if (best < 0 || compare(entry, best) < 0) {
          best = entry;
        }
      }
      return best;
    }

    int compare(int one, int other) {
      if (one < 0 || other < 0) {
        return Boolean.compare(one < 0, other < 0);
      }
      int order =
          switch (view) {
            case ColumnView.Texts texts -> compare(texts, texts.codes()[one], texts.codes()[other]);
            case ColumnView.Integers integers ->
                Long.compare(integers.values()[one], integers.values()[other]);
            // + 0.0 makes -0.0 the same value as 0.0, as filters have it.
            case ColumnView.Decimals decimals ->
                Double.compare(decimals.values()[one] + 0.0, decimals.values()[other] + 0.0);
            case ColumnView.Places _ -> throw new IllegalStateException("places have no order");
            case null -> 0;
          };
      return descending ? -order : order;
    }

    private static int compare(ColumnView.Texts texts, int one, int other) {
      return one == other ? 0 : texts.dictionary()[one].compareTo(texts.dictionary()[other]);
    }

    Object value(int entry) {
      var value = java.util.Objects.requireNonNull(view).value(entry);
      return value instanceof Double number ? (Object) (number + 0.0) : value;
    }
  }
}
