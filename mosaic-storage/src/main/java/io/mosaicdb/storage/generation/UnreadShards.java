package io.mosaicdb.storage.generation;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Shards that a generation carries along although commits up to its last were applied while not
 * even the ids in them were known. Whoever reads one again has to find out which of its documents
 * those commits replaced or deleted: a version counts no more where another shard or the log has a
 * live one of the same id, or where its id was deleted.
 *
 * @param shardIds among the generation's shards
 * @param deletes ids that were deleted meanwhile, and by which commit
 */
public record UnreadShards(SortedSet<String> shardIds, SortedMap<String, Long> deletes) {
  public static final UnreadShards NONE = new UnreadShards(new TreeSet<>(), new TreeMap<>());

  public UnreadShards {
    shardIds = Collections.unmodifiableSortedSet(new TreeSet<>(shardIds));
    // Without a shard to apply them to they say nothing.
    deletes =
        Collections.unmodifiableSortedMap(new TreeMap<>(shardIds.isEmpty() ? Map.of() : deletes));
  }
}
