package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.log.LogSettings;
import io.mosaicdb.storage.sqlite.ReadOnlySettings;
import java.time.Duration;

/**
 * How a partition is kept.
 *
 * @param sealDocuments the live segment is sealed at this many documents
 * @param sealBytes or when it takes this much memory
 * @param sealAge or when its oldest commit is this old
 * @param retainGenerations how long superseded generations and document versions stay
 * @param unsealedSegments writes are refused while this many full segments wait to be sealed
 */
public record PartitionSettings(
    LogSettings log,
    ReadOnlySettings shards,
    int sealDocuments,
    long sealBytes,
    Duration sealAge,
    Duration retainGenerations,
    int unsealedSegments) {
  public PartitionSettings {
    if (sealDocuments < 1 || sealBytes < 1 || unsealedSegments < 1) {
      throw new IllegalArgumentException(
          "sealDocuments, sealBytes and unsealedSegments must be > 0, got "
              + sealDocuments
              + ", "
              + sealBytes
              + " and "
              + unsealedSegments);
    }
  }
}
