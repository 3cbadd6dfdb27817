package io.mosaicdb.storage.generation;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The few things a {@link GenerationStore} does to a disk, each of which can fail or be the last
 * before a crash. Nothing is durable before the fsync that follows it: a file's content before
 * {@link #fsync}, its name before {@link #fsyncDirectory}.
 */
public interface DurableFiles {
  /** Creates or replaces a file. */
  void write(Path file, byte[] content) throws IOException;

  /** Makes a file's content durable. */
  void fsync(Path file) throws IOException;

  /** Replaces {@code target} by {@code source} in one step; both are on the same disk. */
  void rename(Path source, Path target) throws IOException;

  /** Removes a file; a missing one is fine. */
  void delete(Path file) throws IOException;

  /** Makes the names in a folder durable. */
  void fsyncDirectory(Path directory) throws IOException;

  /** The real disk. */
  static DurableFiles onDisk() {
    return new DurableFiles() {
      @Override
      public void write(Path file, byte[] content) throws IOException {
        Files.write(file, content);
      }

      @Override
      public void fsync(Path file) throws IOException {
        // A sealed shard may be read-only; only Windows insists on a writable handle.
        var mode =
            System.getProperty("os.name").startsWith("Windows")
                ? StandardOpenOption.WRITE
                : StandardOpenOption.READ;
        try (var channel = FileChannel.open(file, mode)) {
          channel.force(true);
        }
      }

      @Override
      public void rename(Path source, Path target) throws IOException {
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
      }

      @Override
      public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
      }

      @Override
      public void fsyncDirectory(Path directory) throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) {
          return; // Windows does not let a folder be opened, and orders its metadata itself.
        }
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
          channel.force(true);
        }
      }
    };
  }
}
