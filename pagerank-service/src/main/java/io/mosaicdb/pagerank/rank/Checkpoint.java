package io.mosaicdb.pagerank.rank;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Ranks as they were after some iterations, in a file that is replaced whole: after a crash there
 * is the one before or the one after.
 *
 * <p>Little-endian: u32 version (1), u32 iterations, u32 nodes, u32 CRC-32C of the ranks, f64
 * ranks.
 */
public record Checkpoint(int iterations, double[] ranks) {
  private static final int VERSION = 1;
  private static final int HEADER = 16;

  /** Writes the file and forces it to disk. */
  public void write(Path file) throws IOException {
    var bytes = ByteBuffer.allocate(HEADER + 8 * ranks.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(HEADER);
    for (double rank : ranks) {
      bytes.putDouble(rank);
    }
    bytes.putInt(0, VERSION).putInt(4, iterations).putInt(8, ranks.length);
    bytes.putInt(12, checksum(bytes));
    bytes.rewind();
    var temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (var channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * What the file holds; nothing if there is none, or it is damaged: a computation then starts
   * over, which costs time and no correctness.
   */
  public static Optional<Checkpoint> find(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.limit() < HEADER
        || bytes.getInt(0) != VERSION
        || bytes.limit() != HEADER + 8L * bytes.getInt(8)
        || bytes.getInt(12) != checksum(bytes)) {
      return Optional.empty();
    }
    var ranks = new double[bytes.getInt(8)];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = bytes.getDouble(HEADER + 8 * i);
    }
    return Optional.of(new Checkpoint(bytes.getInt(4), ranks));
  }

  private static int checksum(ByteBuffer bytes) {
    var crc = new CRC32C();
    crc.update(bytes.duplicate().position(HEADER));
    return (int) crc.getValue();
  }
}
