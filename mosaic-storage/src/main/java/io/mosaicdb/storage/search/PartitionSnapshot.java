package io.mosaicdb.storage.search;

import java.util.List;

/**
 * Everything a request reads of one partition, from start to end: the documents as they were after
 * {@code commitSeq}. Immutable.
 *
 * @param missing shards of the generation that cannot be read, by id, with the reason
 */
public record PartitionSnapshot(
    int partition,
    long generation,
    long commitSeq,
    List<SegmentView> segments,
    List<MissingShard> missing) {
  public PartitionSnapshot {
    segments = List.copyOf(segments);
    missing = List.copyOf(missing);
  }

  public record MissingShard(String shardId, String reason) {}

  /** The same without the document of that id. */
  public PartitionSnapshot without(String id) {
    return new PartitionSnapshot(
        partition,
        generation,
        commitSeq,
        segments.stream().map(segment -> segment.without(id)).toList(),
        missing);
  }

  public long liveDocuments() {
    return segments.stream().mapToLong(SegmentView::liveDocuments).sum();
  }
}
