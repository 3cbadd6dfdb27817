package io.mosaicdb.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How far a log has counted, in the file {@code END} beside its files: epoch and number of the
 * newest acknowledged commit, 8 bytes each, and the CRC32C of both in 4 bytes, big-endian.
 *
 * <p>A log whose newest file is gone, or whose write-ahead file was cut, looks exactly like one
 * that ended there. This file tells them apart. It is written after each group, between its fsync
 * and its acknowledgement, and not fsynced itself: it is never ahead of the log, it survives the
 * end of the process, and after a loss of power it may be behind, where it says nothing.
 */
final class LogEnd implements AutoCloseable {
  private static final String NAME = "END";
  private static final int BYTES = 20;

  private final Path file;
  private FileChannel channel;

  private LogEnd(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static LogEnd open(Path directory) throws IOException {
    var file = directory.resolve(NAME);
    return new LogEnd(file, open(file, true));
  }

  private static FileChannel open(Path file, boolean replace) throws IOException {
    if (replace && Files.isDirectory(file)) {
      Files.move(file, file.resolveSibling(NAME + ".unreadable-" + System.currentTimeMillis()));
    }
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** What was acknowledged last; null if the file is not there or not whole. */
  static @Nullable LogPosition read(Path directory) {
    try {
      var bytes = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(NAME)));
      if (bytes.capacity() != BYTES || bytes.getInt(16) != checksum(bytes)) {
        return null;
      }
      return new LogPosition(bytes.getLong(0), bytes.getLong(8));
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  void write(LogPosition end) throws IOException {
    var bytes = ByteBuffer.allocate(BYTES).putLong(end.epoch()).putLong(end.seq());
    bytes.putInt(checksum(bytes)).flip();
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
  }

  /** Writes it again where somebody has removed or altered it. */
  void requireInPlace(Path directory, LogPosition end) throws IOException {
    if (end.seq() > 0 && !end.equals(read(directory))) {
      channel.close();
      channel = open(file, true);
      channel.truncate(0);
      write(end);
    }
  }

  private static int checksum(ByteBuffer bytes) {
    var sum = new CRC32C();
    sum.update(bytes.slice(0, 16));
    return (int) sum.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
