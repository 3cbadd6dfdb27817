package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.compaction.TopicGroups;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.shard.SealedShard;
import io.mosaicdb.storage.vector.VectorMetric;
import io.mosaicdb.storage.vector.VectorSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The versions of several shards that are to be kept, by document: where each is, and nothing of
 * what it says. All versions of one document stay together.
 */
final class MergedDocuments {
  private static final int LOADED_AT_ONCE = 256;

  private final List<SealedShard> shards;
  private final List<Place> places;

  /** Where the places of each document start, and where the last one's end. */
  private final int[] starts;

  private record Place(int shard, int ordinal, String id, long version) {}

  /**
   * @param kept the ordinals to keep, an array a shard
   */
  MergedDocuments(List<SealedShard> shards, List<int[]> kept) {
    this.shards = List.copyOf(shards);
    places = new ArrayList<>();
    for (int s = 0; s < shards.size(); s++) {
      var shard = shards.get(s);
      for (int ordinal : kept.get(s)) {
        places.add(new Place(s, ordinal, shard.id(ordinal), shard.version(ordinal)));
      }
    }
    places.sort(Comparator.comparing(Place::id).thenComparingLong(Place::version));
    var found = new int[places.size() + 1];
    int documents = 0;
    for (int i = 0; i < places.size(); i++) {
      if (i == 0 || !places.get(i).id().equals(places.get(i - 1).id())) {
        found[documents++] = i;
      }
    }
    found[documents] = places.size();
    starts = Arrays.copyOf(found, documents + 1);
  }

  int versions() {
    return places.size();
  }

  private int documents() {
    return starts.length - 1;
  }

  /**
   * The documents in groups of about {@code most} versions: by topic where they have vectors, by id
   * where they have none.
   */
  List<int[]> groups(VectorMetric metric, int most) {
    if (documents() == 0) {
      return List.of();
    }
    if (versions() <= most) {
      var all = new int[documents()];
      Arrays.setAll(all, i -> i);
      return List.of(all);
    }
    int mostDocuments = (int) Math.max(1, (long) most * documents() / versions());
    var withVectors = new ArrayList<Integer>();
    var without = new ArrayList<Integer>();
    for (int document = 0; document < documents(); document++) {
      (hasVector(document) ? withVectors : without).add(document);
    }
    var groups = new ArrayList<int[]>();
    for (int[] group : TopicGroups.of(metric, vectors(withVectors), mostDocuments)) {
      groups.add(Arrays.stream(group).map(withVectors::get).toArray());
    }
    for (int from = 0; from < without.size(); from += mostDocuments) {
      int to = Math.min(without.size(), from + mostDocuments);
      groups.add(without.subList(from, to).stream().mapToInt(Integer::intValue).toArray());
    }
    return groups;
  }

  private Place newest(int document) {
    return places.get(starts[document + 1] - 1);
  }

  private boolean hasVector(int document) {
    var place = newest(document);
    var shard = shards.get(place.shard());
    return shard.firstPassage(place.ordinal() + 1) > shard.firstPassage(place.ordinal());
  }

  private VectorSource vectors(List<Integer> documents) {
    return new VectorSource() {
      @Override
      public int size() {
        return documents.size();
      }

      @Override
      public float[] vector(int ordinal) {
        var place = newest(documents.get(ordinal));
        return shards.get(place.shard()).meanVector(place.ordinal());
      }
    };
  }

  /** All versions of a group's documents, with their vectors. */
  List<DocumentVersion> load(int[] group) {
    var byShard = new ArrayList<List<Integer>>();
    shards.forEach(_ -> byShard.add(new ArrayList<>()));
    for (int document : group) {
      for (int i = starts[document]; i < starts[document + 1]; i++) {
        byShard.get(places.get(i).shard()).add(places.get(i).ordinal());
      }
    }
    var loaded = new ArrayList<DocumentVersion>();
    for (int s = 0; s < shards.size(); s++) {
      var ordinals = byShard.get(s);
      for (int from = 0; from < ordinals.size(); from += LOADED_AT_ONCE) {
        var part = ordinals.subList(from, Math.min(ordinals.size(), from + LOADED_AT_ONCE));
        loaded.addAll(
            shards.get(s).load(part.stream().mapToInt(Integer::intValue).toArray(), true));
      }
    }
    return loaded;
  }
}
