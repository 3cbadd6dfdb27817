package io.mosaicdb.storage.backup;

import io.mosaicdb.storage.generation.GenerationManifest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One partition in a backup.
 *
 * @param id of the backup
 * @param namespace where it was made
 * @param definition of the namespace, as its owner writes it
 * @param manifest what was served at that moment, null if the partition had nothing
 */
public record PartitionBackup(
    String id,
    String namespace,
    int partition,
    Instant createdAt,
    String definition,
    @Nullable GenerationManifest manifest) {
  /** Documents that count. */
  public long documents() {
    return manifest == null
        ? 0
        : manifest.shards().stream().mapToLong(each -> each.documents()).sum()
            - manifest.tombstones().values().stream().mapToLong(each -> each.size()).sum();
  }

  public long bytes() {
    return manifest == null ? 0 : manifest.shards().stream().mapToLong(each -> each.bytes()).sum();
  }
}
