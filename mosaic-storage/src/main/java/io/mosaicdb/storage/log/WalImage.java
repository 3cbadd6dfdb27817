package io.mosaicdb.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A look into SQLite's write-ahead file, for one question SQLite answers silently: it stops at the
 * first frame whose checksum is wrong and drops every commit behind it. That is right for the torn
 * end a crash leaves, and a loss of acknowledged commits when a byte has flipped in the middle.
 *
 * <p>The format is sqlite.org/fileformat2.html section 4: a header of 32 bytes (magic, version,
 * page size, checkpoint number, two salts, two checksums), then frames of 24 bytes (page number,
 * database size after a commit or 0, the salts, two running checksums) and a page.
 */
final class WalImage {
  private static final int HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 24;
  private static final int MAGIC = 0x377f0682;

  private final ByteBuffer bytes;
  private final int pageBytes;
  private final int frames;
  private final int salt1;
  private final int salt2;
  private final boolean headerValid;

  private WalImage(ByteBuffer bytes) {
    this.bytes = bytes;
    int declared = bytes.getInt(8);
    // A damaged header still tells the truth by what all our files share.
    pageBytes =
        Integer.bitCount(declared) == 1 && declared >= 512 && declared <= 65_536 ? declared : 4096;
    frames = (bytes.capacity() - HEADER_BYTES) / (FRAME_HEADER_BYTES + pageBytes);
    var sum = new Checksum();
    sum.add(0, 24, order());
    headerValid = (bytes.getInt(0) & ~1) == MAGIC && sum.matches(24);
    // Frames with other salts are left from before the last checkpoint: they are in the database.
    int salts = headerValid ? 16 : HEADER_BYTES + 8;
    salt1 = bytes.getInt(salts);
    salt2 = bytes.getInt(salts + 4);
  }

  /** Whether the file holds committed frames behind (or in) one that SQLite will stop at. */
  static boolean losesCommits(Path wal) throws IOException {
    var image = read(wal);
    return image != null && image.firstInvalidFrame() <= image.lastCommitFrame();
  }

  /** Whether the file holds a committed transaction, whatever SQLite makes of it. */
  static boolean holdsCommits(Path wal) throws IOException {
    var image = read(wal);
    return image != null && image.lastCommitFrame() >= 0;
  }

  /** Writes the database as it would be if every committed frame were believed. */
  static void merge(Path database, Path wal, Path target) throws IOException {
    Files.copy(database, target, StandardCopyOption.REPLACE_EXISTING);
    var image = read(wal);
    if (image != null) {
      image.writeInto(target);
    }
  }

  private static @Nullable WalImage read(Path wal) throws IOException {
    if (!Files.exists(wal) || Files.size(wal) <= HEADER_BYTES + FRAME_HEADER_BYTES) {
      return null;
    }
    return new WalImage(ByteBuffer.wrap(Files.readAllBytes(wal)));
  }

  private ByteOrder order() {
    return (bytes.getInt(0) & 1) == 1 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private int frame(int index) {
    return HEADER_BYTES + index * (FRAME_HEADER_BYTES + pageBytes);
  }

  private boolean sameGeneration(int index) {
    return bytes.getInt(frame(index) + 8) == salt1 && bytes.getInt(frame(index) + 12) == salt2;
  }

  private boolean commits(int index) {
    return bytes.getInt(frame(index) + 4) != 0;
  }

  /** Index of the last frame of this generation that ends a transaction, or -1. */
  private int lastCommitFrame() {
    for (int i = frames - 1; i >= 0; i--) {
      if (sameGeneration(i) && commits(i)) {
        return i;
      }
    }
    return -1;
  }

  /** Index of the frame at which SQLite stops reading; the number of frames if it reads all. */
  private int firstInvalidFrame() {
    if (!headerValid) {
      return 0;
    }
    var order = order();
    var sum = new Checksum();
    sum.add(0, 24, order);
    for (int i = 0; i < frames; i++) {
      sum.add(frame(i), 8, order);
      sum.add(frame(i) + FRAME_HEADER_BYTES, pageBytes, order);
      if (!sameGeneration(i) || !sum.matches(frame(i) + 16)) {
        return i;
      }
    }
    return frames;
  }

  private void writeInto(Path target) throws IOException {
    try (var channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
      int last = lastCommitFrame();
      for (int i = 0; i <= last; i++) {
        long page = Integer.toUnsignedLong(bytes.getInt(frame(i)));
        // A flipped page number must not make a file of terabytes.
        if (sameGeneration(i) && page >= 1 && page <= channel.size() / pageBytes + frames + 1L) {
          channel.write(
              bytes.slice(frame(i) + FRAME_HEADER_BYTES, pageBytes), (page - 1) * pageBytes);
        }
      }
    }
  }

  /** SQLite's running checksum over 32-bit words. */
  private final class Checksum {
    private int first;
    private int second;

    void add(int offset, int length, ByteOrder order) {
      var words = bytes.slice(offset, length).order(order);
      while (words.hasRemaining()) {
        first += words.getInt() + second;
        second += words.getInt() + first;
      }
    }

    boolean matches(int offset) {
      return bytes.getInt(offset) == first && bytes.getInt(offset + 4) == second;
    }
  }
}
