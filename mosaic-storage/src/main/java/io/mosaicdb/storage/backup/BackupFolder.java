package io.mosaicdb.storage.backup;

import io.mosaicdb.storage.generation.DurableFiles;
import io.mosaicdb.storage.generation.ShardDescriptor;
import io.mosaicdb.storage.hash.ContentHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** A folder of backups. One writer at a time. */
public final class BackupFolder {
  private static final String DRAFT = ".copying-";
  private static final Pattern DESCRIPTION = Pattern.compile("(.+)\\.p(\\d{1,4})\\.json");

  private final Path folder;
  private final DurableFiles disk = DurableFiles.onDisk();

  public BackupFolder(Path folder) {
    this.folder = folder;
  }

  /** Creates what is missing and removes what a crash left half done. For the writer. */
  public void prepare() throws IOException {
    Files.createDirectories(files());
    for (Path each : List.of(folder, files())) {
      try (var paths = Files.list(each)) {
        for (Path path : paths.toList()) {
          if (String.valueOf(path.getFileName()).startsWith(DRAFT)) {
            Files.delete(path);
          }
        }
      }
    }
  }

  private Path files() {
    return folder.resolve("files");
  }

  private Path file(ShardDescriptor shard) {
    return files().resolve(shard.fileChecksum());
  }

  /**
   * Copies a shard's file unless it is there; whether it was not.
   *
   * @throws BackupException if the file is not what the descriptor says
   */
  public boolean store(Path source, ShardDescriptor shard) throws IOException {
    var target = file(shard);
    if (Files.exists(target) && Files.size(target) == shard.bytes()) {
      return false;
    }
    copy(source, target, shard);
    return true;
  }

  /**
   * Copies a stored shard's file to {@code target}.
   *
   * @throws BackupException if it is missing or damaged
   */
  public void fetch(ShardDescriptor shard, Path target) throws IOException {
    copy(file(shard), target, shard);
  }

  /** Verified on the way and durable at its end; a target that is there is whole. */
  private void copy(Path source, Path target, ShardDescriptor shard) throws IOException {
    var draft = target.resolveSibling(DRAFT + UUID.randomUUID());
    try {
      var digest = ContentHash.sha256();
      try (var from = FileChannel.open(source, StandardOpenOption.READ);
          var to =
              FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        var buffer = ByteBuffer.allocate(1 << 18);
        while (from.read(buffer) >= 0) {
          buffer.flip();
          digest.update(buffer.duplicate());
          while (buffer.hasRemaining()) {
            to.write(buffer);
          }
          buffer.clear();
        }
        to.force(true);
      } catch (NoSuchFileException e) {
        throw new BackupException(
            "the file of shard " + shard.shardId() + " is missing: " + source);
      }
      var checksum = HexFormat.of().formatHex(digest.digest());
      if (!checksum.equals(shard.fileChecksum())) {
        throw new BackupException(
            "%s is damaged: its SHA-256 is %s, that of shard %s is %s"
                .formatted(source, checksum, shard.shardId(), shard.fileChecksum()));
      }
      disk.rename(draft, target);
      disk.fsyncDirectory(Objects.requireNonNull(target.toAbsolutePath().getParent()));
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Adds a description: what it names is stored. The backup of this partition is complete then. */
  public void add(PartitionBackup backup) throws IOException {
    var target = description(backup.id(), backup.partition());
    var draft = folder.resolve(DRAFT + UUID.randomUUID());
    disk.fsyncDirectory(files());
    disk.write(draft, BackupJson.write(backup).getBytes(StandardCharsets.UTF_8));
    disk.fsync(draft);
    disk.rename(draft, target);
    disk.fsyncDirectory(folder);
  }

  private Path description(String id, int partition) {
    return folder.resolve("%s.p%04d.json".formatted(id, partition));
  }

  /**
   * One partition of a backup; empty if there is none.
   *
   * @throws BackupException if the description is damaged
   */
  public Optional<PartitionBackup> find(String id, int partition) throws IOException {
    var path = description(id, partition);
    return Files.exists(path) ? Optional.of(read(path)) : Optional.empty();
  }

  private static PartitionBackup read(Path path) throws IOException {
    // Malformed bytes become replacement characters, and the hash tells.
    return BackupJson.read(
        String.valueOf(path.getFileName()),
        new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
  }

  /**
   * Every partition of every backup, the newest backup first.
   *
   * @throws BackupException if a description is damaged
   */
  public List<PartitionBackup> list() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    var found = new ArrayList<PartitionBackup>();
    try (var paths = Files.list(folder)) {
      for (Path path : paths.toList()) {
        if (DESCRIPTION.matcher(String.valueOf(path.getFileName())).matches()) {
          found.add(read(path));
        }
      }
    }
    found.sort(
        Comparator.comparing(PartitionBackup::createdAt)
            .thenComparing(PartitionBackup::id)
            .reversed()
            .thenComparingInt(PartitionBackup::partition));
    return found;
  }
}
