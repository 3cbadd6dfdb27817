package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.backup.BackupFolder;
import io.mosaicdb.storage.backup.PartitionBackup;
import io.mosaicdb.storage.generation.DurableFiles;
import io.mosaicdb.storage.generation.GenerationStore;
import io.mosaicdb.storage.log.LocalCommitLog;
import io.mosaicdb.storage.log.LogPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes the folder of a partition from a backup of one. */
public final class PartitionCopies {
  private PartitionCopies() {}

  /** Told before each file that is copied; may throw to end the work. */
  @FunctionalInterface
  public interface Progress {
    void at(int filesDone, int files) throws IOException;
  }

  /**
   * Writes a partition that serves what the backup holds, durably; {@link Partition#open} opens it.
   * The partition may have another number than the one that was copied has: none of its files says
   * it but the manifest, which keeps the old one.
   *
   * @param folder not there yet
   * @throws io.mosaicdb.storage.backup.BackupException if something is missing or damaged; what was
   *     written is the caller's to remove
   */
  public static void restore(
      PartitionBackup backup, BackupFolder source, Path folder, Progress progress)
      throws IOException {
    var disk = DurableFiles.onDisk();
    var shards = folder.resolve("shards");
    var generations = folder.resolve("generations");
    Files.createDirectories(shards);
    Files.createDirectories(generations);
    var manifest = backup.manifest();
    if (manifest != null) {
      int done = 0;
      for (var shard : manifest.shards()) {
        progress.at(done++, manifest.shards().size());
        source.fetch(shard, shards.resolve(shard.fileName()));
      }
      write(disk, generations.resolve(manifest.number() + ".json"), manifest.toJson());
      write(disk, generations.resolve("CURRENT"), GenerationStore.pointer(manifest));
    }
    // The commits after the copy happened elsewhere: from here on this is another history.
    LocalCommitLog.begin(
        folder.resolve("log"),
        manifest == null
            ? new LogPosition(1, 0)
            : new LogPosition(manifest.commits().epoch() + 1, manifest.commits().last()));
    disk.fsyncDirectory(shards);
    disk.fsyncDirectory(generations);
    disk.fsyncDirectory(folder);
  }

  private static void write(DurableFiles disk, Path file, String content) throws IOException {
    disk.write(file, content.getBytes(StandardCharsets.UTF_8));
    disk.fsync(file);
  }
}
