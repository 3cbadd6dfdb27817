package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.log.LogStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition at one moment.
 *
 * @param unsealed live documents that are in no shard yet
 * @param problems what is damaged or failing, in words for the operator; empty when all is well
 * @param recovered what was damaged and is mended, lately
 */
public record PartitionStatus(
    int partition,
    long generation,
    long commitSeq,
    long documents,
    long passages,
    long unsealed,
    int segments,
    int shards,
    long bytesOnDisk,
    long memoryBytes,
    @Nullable String embedder,
    LogStatus log,
    List<String> problems,
    List<String> recovered) {
  public PartitionStatus {
    problems = List.copyOf(problems);
    recovered = List.copyOf(recovered);
  }
}
