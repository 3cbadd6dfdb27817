package io.mosaicdb.storage.search;

import io.mosaicdb.model.filter.Filter;
import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.document.LinkedDocument;
import io.mosaicdb.storage.segment.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a snapshot from end to end in the order of ids, some documents at a time. Nothing is kept
 * between two calls: the last id says where to go on, in this snapshot object or in another of the
 * same commit.
 */
public final class SnapshotScan {
  private static final Comparator<Place> ORDER = Comparator.comparing(Place::id);

  private SnapshotScan() {}

  private record Place(String id, int segment, int document) {}

  /**
   * The next documents, fewer than {@code limit} only at the end. Reads files: for platform
   * threads.
   *
   * @param filter what they must meet; null: nothing
   * @param after the last id that was read; null: none so far
   * @throws io.mosaicdb.storage.segment.SegmentReadException if a shard cannot be read
   */
  public static List<DocumentVersion> next(
      PartitionSnapshot snapshot,
      @Nullable Filter filter,
      @Nullable String after,
      int limit,
      boolean withVectors) {
    return read(
        snapshot,
        places(snapshot, filter, after, limit),
        (segment, ordinals) -> segment.load(ordinals, withVectors),
        version -> version.document().id());
  }

  /** Where the next documents link to, as {@link #next}, without reading what they say. */
  public static List<LinkedDocument> links(
      PartitionSnapshot snapshot, @Nullable String after, int limit) {
    return read(snapshot, places(snapshot, null, after, limit), Segment::links, LinkedDocument::id);
  }

  private static List<Place> places(
      PartitionSnapshot snapshot, @Nullable Filter filter, @Nullable String after, int limit) {
    var places = new ArrayList<Place>();
    for (int i = 0; i < snapshot.segments().size(); i++) {
      addNext(snapshot.segments().get(i), i, filter, after, limit, places);
    }
    places.sort(ORDER);
    return places.subList(0, Math.min(limit, places.size()));
  }

  private static void addNext(
      SegmentView view,
      int number,
      @Nullable Filter filter,
      @Nullable String after,
      int limit,
      List<Place> places) {
    var segment = view.segment();
    var matching = filter == null ? null : segment.matching(filter);
    if (!segment.isSortedById()) {
      addLeast(view, number, matching, after, limit, places);
      return;
    }
    int found = 0;
    for (int i = firstAfter(segment, after); i < segment.documentCount() && found < limit; i++) {
      if (view.isLive(i) && (matching == null || matching.contains(i))) {
        places.add(new Place(segment.id(i), number, i));
        found++;
      }
    }
  }

  private static int firstAfter(Segment segment, @Nullable String after) {
    int low = 0;
    int high = after == null ? 0 : segment.documentCount();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (segment.id(middle).compareTo(String.valueOf(after)) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static void addLeast(
      SegmentView view,
      int number,
      @Nullable OrdinalSet matching,
      @Nullable String after,
      int limit,
      List<Place> places) {
    var segment = view.segment();
    var least = new PriorityQueue<>(ORDER.reversed());
    for (int i = 0; i < segment.documentCount(); i++) {
      if (!view.isLive(i) || (matching != null && !matching.contains(i))) {
        continue;
      }
      var id = segment.id(i);
      if (after != null && id.compareTo(after) <= 0) {
        continue;
      }
      least.add(new Place(id, number, i));
      if (least.size() > limit) {
        least.remove();
      }
    }
    places.addAll(least);
  }

  private static <T> List<T> read(
      PartitionSnapshot snapshot,
      List<Place> places,
      BiFunction<Segment, int[], List<T>> reader,
      Function<T, String> id) {
    var bySegment = new HashMap<Integer, List<Place>>();
    for (Place place : places) {
      bySegment.computeIfAbsent(place.segment(), _ -> new ArrayList<>()).add(place);
    }
    var loaded = new HashMap<String, T>();
    for (Map.Entry<Integer, List<Place>> entry : bySegment.entrySet()) {
      var ordinals = entry.getValue().stream().mapToInt(Place::document).toArray();
      for (T each : reader.apply(snapshot.segments().get(entry.getKey()).segment(), ordinals)) {
        loaded.put(id.apply(each), each);
      }
    }
    var ordered = new ArrayList<T>(places.size());
    for (Place place : places) {
      var each = loaded.get(place.id());
      if (each != null) {
        ordered.add(each);
      }
    }
    return ordered;
  }
}
