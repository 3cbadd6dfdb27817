package io.mosaicdb.starter.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One process, and in it one owner, has a file: an operating system's lock on a file beside it,
 * which a killed process loses by itself. The lock file stays.
 *
 * <p>The set of files held by this process is needed beside it: the system grants a lock to a
 * process, and closing any other channel to the lock file would silently give it back.
 */
public final class FileClaim implements AutoCloseable {
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path lockFile;
  private final FileChannel channel;

  private FileClaim(Path lockFile, FileChannel channel) {
    this.lockFile = lockFile;
    this.channel = channel;
  }

  /** Where the claim of a file is marked: {@code <name>.lock} beside it. */
  public static Path lockFile(Path file) {
    var whole = file.toAbsolutePath().normalize();
    return whole.resolveSibling(whole.getFileName() + ".lock");
  }

  /**
   * Claims the file, which need not exist, and makes its folder.
   *
   * @param advice what to do where another one has it, such as "give each a folder of its own"
   * @throws IllegalStateException if another one has it
   * @throws UncheckedIOException if nothing can be written there
   */
  public static FileClaim of(Path file, String advice) {
    var lockFile = lockFile(file);
    try {
      Files.createDirectories(lockFile.getParent());
      if (!HELD_HERE.add(lockFile)) {
        throw taken(file, "is in use by this process already", advice);
      }
      boolean held = false;
      FileChannel channel = null;
      try {
        channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
          throw taken(file, "is in use by another process", advice);
        }
        held = true;
        return new FileClaim(lockFile, channel);
      } finally {
        if (!held) {
          HELD_HERE.remove(lockFile);
          if (channel != null) {
            channel.close();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(lockFile + " cannot be locked: " + e.getMessage(), e);
    }
  }

  private static IllegalStateException taken(Path file, String how, String advice) {
    return new IllegalStateException(file + " " + how + "; " + advice);
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD_HERE.remove(lockFile);
    }
  }
}
