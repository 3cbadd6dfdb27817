package io.mosaicdb.storage.compaction;

/**
 * When shards are merged, and how large what comes out may be.
 *
 * @param maxSegments small shards are merged when a partition has more of them than this
 * @param smallDocuments a shard with fewer documents that must be kept is small
 * @param tombstoneRatio a shard is rewritten when this part of its documents need not be kept any
 *     more, above 0 and at most 1
 * @param maxDocuments a shard that comes out has at most so many documents
 * @param maxOutputBytes and is made of at most about so many bytes
 * @param maxInputBytes one run reads shards of at most so many bytes together, but at least two
 *     shards
 * @param spareBytes a run does not begin if it could leave less free on the disk
 */
public record CompactionSettings(
    int maxSegments,
    int smallDocuments,
    double tombstoneRatio,
    int maxDocuments,
    long maxOutputBytes,
    long maxInputBytes,
    long spareBytes) {
  public CompactionSettings {
    if (maxSegments < 1 || smallDocuments < 1 || maxDocuments < 1) {
      throw new IllegalArgumentException(
          "maxSegments, smallDocuments and maxDocuments must be > 0, got %d, %d and %d"
              .formatted(maxSegments, smallDocuments, maxDocuments));
    }
    if (!(tombstoneRatio > 0 && tombstoneRatio <= 1)) {
      throw new IllegalArgumentException(
          "tombstoneRatio must be above 0 and at most 1, got " + tombstoneRatio);
    }
    if (maxOutputBytes < 1 || maxInputBytes < 1 || spareBytes < 0) {
      throw new IllegalArgumentException(
          "maxOutputBytes and maxInputBytes must be > 0 and spareBytes >= 0, got %d, %d and %d"
              .formatted(maxOutputBytes, maxInputBytes, spareBytes));
    }
  }

  /** For shards of {@code documents}. */
  public static CompactionSettings forShardsOf(int documents) {
    return new CompactionSettings(
        100, Math.max(1, documents / 2), .3, documents, 512L << 20, 2L << 30, 256L << 20);
  }

  /** The same with another number of small shards that may stay. */
  public CompactionSettings withMaxSegments(int segments) {
    return new CompactionSettings(
        segments,
        smallDocuments,
        tombstoneRatio,
        maxDocuments,
        maxOutputBytes,
        maxInputBytes,
        spareBytes);
  }
}
