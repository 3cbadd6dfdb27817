package io.mosaicdb.storage.partition;

import java.time.Duration;
import java.time.Instant;

/**
 * What one compaction of a partition did.
 *
 * @param merged shards that left
 * @param made shards that took their place
 * @param documents versions in what was made
 * @param dropped versions that nobody can ask for any more
 */
public record CompactionRun(
    int partition,
    int merged,
    int made,
    int documents,
    int dropped,
    long bytesBefore,
    long bytesAfter,
    Instant startedAt,
    Duration took) {
  /** Whether there was anything to do. */
  public boolean didSomething() {
    return merged > 0;
  }
}
