package io.mosaicdb.worker.compaction;

import io.mosaicdb.storage.compaction.CompactionSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How shards are merged.
 *
 * @param enabled whether it happens by itself; on request it does anyway
 * @param interval how often every partition is looked at
 * @param maxSegments small shards are merged when a partition has more of them than this
 * @param minSize a shard with fewer documents is small; 0: half of the namespace's shard_documents
 * @param tombstoneRatio a shard is rewritten when this part of its documents is superseded and
 *     outside the retention
 * @param maxDocuments documents of a shard that comes out, at most; 0: the namespace's
 *     shard_documents
 * @param maxOutputSize size of a shard that comes out, at most about
 * @param maxInputSize what one run reads together, at most
 * @param spareDisk a run does not begin if it could leave less free
 */
@ConfigurationProperties("mosaic.worker.compaction")
record CompactionProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("30s") Duration interval,
    @DefaultValue("100") int maxSegments,
    @DefaultValue("0") int minSize,
    @DefaultValue("0.3") double tombstoneRatio,
    @DefaultValue("0") int maxDocuments,
    @DefaultValue("512MB") DataSize maxOutputSize,
    @DefaultValue("2GB") DataSize maxInputSize,
    @DefaultValue("256MB") DataSize spareDisk) {
  CompactionProperties {
    if (!interval.isPositive()) {
      throw new IllegalArgumentException(
          "mosaic.worker.compaction.interval must be above zero, got " + interval);
    }
    if (maxSegments < 1) {
      throw new IllegalArgumentException(
          "mosaic.worker.compaction.max-segments must be > 0, got " + maxSegments);
    }
    if (minSize < 0 || maxDocuments < 0) {
      throw new IllegalArgumentException(
          "mosaic.worker.compaction.min-size and max-documents must be >= 0, got %d and %d"
              .formatted(minSize, maxDocuments));
    }
    if (!(tombstoneRatio > 0 && tombstoneRatio <= 1)) {
      throw new IllegalArgumentException(
          "mosaic.worker.compaction.tombstone-ratio must be above 0 and at most 1, got "
              + tombstoneRatio);
    }
    if (maxOutputSize.toBytes() < 1 || maxInputSize.toBytes() < 1 || spareDisk.toBytes() < 0) {
      throw new IllegalArgumentException(
          "mosaic.worker.compaction.max-output-size and max-input-size must be > 0 and spare-disk >= 0, got %s, %s and %s"
              .formatted(maxOutputSize, maxInputSize, spareDisk));
    }
  }

  /** For a namespace whose shards are sealed at {@code shardDocuments}. */
  CompactionSettings settings(int shardDocuments) {
    return new CompactionSettings(
        maxSegments,
        minSize > 0 ? minSize : Math.max(1, shardDocuments / 2),
        tombstoneRatio,
        maxDocuments > 0 ? maxDocuments : shardDocuments,
        maxOutputSize.toBytes(),
        maxInputSize.toBytes(),
        spareDisk.toBytes());
  }
}
