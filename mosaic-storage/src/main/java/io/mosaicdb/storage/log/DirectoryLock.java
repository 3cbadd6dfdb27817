package io.mosaicdb.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One writer per log: an operating system's lock on {@code LOCK}, which a killed process loses by
 * itself. The file says who holds it, for people.
 *
 * <p>The set of folders held by this process is needed beside it: the system grants a lock to a
 * process, and closing any other channel to the file would silently give it back.
 */
final class DirectoryLock implements AutoCloseable {
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  static DirectoryLock acquire(Path directory) throws IOException {
    var real = directory.toRealPath();
    if (!HELD_HERE.add(real)) {
      throw new LogLockedException(directory, owner());
    }
    boolean held = false;
    var file = real.resolve("LOCK");
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
      if (channel.tryLock() == null) {
        throw new LogLockedException(directory, Files.readString(file).strip());
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((owner() + "\n").getBytes(StandardCharsets.UTF_8)));
      held = true;
      return new DirectoryLock(real, channel);
    } finally {
      if (!held) {
        HELD_HERE.remove(real);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD_HERE.remove(directory);
    }
  }

  private static String owner() {
    var process = ProcessHandle.current();
    return "process "
        + process.pid()
        + process.info().startInstant().map(start -> " started " + start).orElse("");
  }
}
