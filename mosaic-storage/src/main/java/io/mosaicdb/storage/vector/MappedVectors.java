package io.mosaicdb.storage.vector;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The float vectors of a sealed file, read from its mapped pages without a statement.
 *
 * <p>Through JDBC the dozen floats at the end of a search cost more than all the rest. A sealed
 * file does not change, and SQLite's file format is stable and public
 * (sqlite.org/fileformat2.html): this class finds a chunk of the {@code vec0} table in its B-tree
 * and follows the chain of overflow pages, nothing more. Where anything is not as expected the file
 * is not mapped, and {@link StoredVectors} reads by SQL. Thread-safe.
 */
final class MappedVectors {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int INTERIOR = 5;
  private static final int LEAF = 13;

  private final MemorySegment file;
  private final int pageSize;
  private final int usable;
  private final int root;
  private final int bytes;

  /**
   * What was found before, {@link #stride} longs a chunk: where its vectors start, zero if not yet
   * found; how many of their bytes lie in the leaf; where each overflow page goes on.
   */
  private final AtomicLongArray places;

  private final int stride;

  private MappedVectors(MemorySegment file, int pageSize, int root, int dimensions, int vectors) {
    this.file = file;
    this.pageSize = pageSize;
    this.usable = pageSize - unsignedByte(20);
    this.root = root;
    this.bytes = dimensions * Float.BYTES;
    this.stride = 3 + StoredVectors.CHUNK * bytes / (usable - Integer.BYTES);
    this.places =
        new AtomicLongArray(
            Math.multiplyExact((vectors + StoredVectors.CHUNK - 1) / StoredVectors.CHUNK, stride));
  }

  long bytesOnHeap() {
    return (long) places.length() * Long.BYTES;
  }

  private int unsignedByte(long at) {
    return Byte.toUnsignedInt(file.get(ValueLayout.JAVA_BYTE, at));
  }

  /** Maps the file that {@code connection} is open on; null if it is no settled file. */
  static @Nullable MappedVectors of(Connection connection, int dimensions, int vectors, Arena arena)
      throws SQLException {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      return null;
    }
    try (var statement = connection.createStatement()) {
      var path = mainFile(statement);
      long root =
          number(
              statement,
              "SELECT rootpage FROM sqlite_schema WHERE name = 'passage_vectors_vector_chunks00'");
      long pageSize = number(statement, "PRAGMA page_size");
      long pages = number(statement, "PRAGMA page_count");
      // In write-ahead mode the newest pages may lie in another file.
      if (path == null || root == 0 || isWriteAhead(statement)) {
        return null;
      }
      try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
        if (channel.size() != pages * pageSize) {
          return null;
        }
        var file = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        return new MappedVectors(file, (int) pageSize, (int) root, dimensions, vectors);
      } catch (IOException e) {
        throw new SQLException("cannot map " + path + ": " + e.getMessage(), e);
      }
    }
  }

  private static @Nullable Path mainFile(Statement statement) throws SQLException {
    try (var row = statement.executeQuery("SELECT file FROM pragma_database_list WHERE seq = 0")) {
      var file = row.next() ? row.getString(1) : null;
      return file == null || file.isEmpty() ? null : Path.of(file);
    }
  }

  private static boolean isWriteAhead(Statement statement) throws SQLException {
    try (var row = statement.executeQuery("PRAGMA journal_mode")) {
      return row.next() && "wal".equalsIgnoreCase(row.getString(1));
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (var row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /**
   * Copies the vector of {@code ordinal}.
   *
   * @throws SQLException if it is not where it should be: the file is damaged
   */
  void read(int ordinal, float[] to, int index) throws SQLException {
    try {
      int chunk = ordinal / StoredVectors.CHUNK;
      if (places.getAcquire(chunk * stride) == 0) {
        find(chunk, ordinal);
      }
      copy(
          chunk * stride,
          (long) (ordinal % StoredVectors.CHUNK) * bytes,
          MemorySegment.ofArray(to),
          (long) index * Float.BYTES);
    } catch (IndexOutOfBoundsException e) {
      throw new SQLException(damaged(ordinal).getMessage(), e);
    }
  }

  private static SQLException damaged(int ordinal) {
    return new SQLException(
        "vector " + ordinal + " is not in its place in passage_vectors: the shard is damaged");
  }

  /**
   * Finds the vectors of a chunk: where they would start if all lay in the leaf and where they
   * would start on each overflow page, so that byte {@code i} of them is {@code i} further.
   */
  private void find(int chunk, int ordinal) throws SQLException {
    long cell = cellOf(chunk + 1L);
    long payload = varint(cell);
    long content = cell + varintLength(cell);
    content += varintLength(content);
    long local = localBytes(payload);
    long header = varint(content);
    long firstType = content + varintLength(content);
    long keyType = varint(firstType);
    long blobType = varint(firstType + varintLength(firstType));
    long skipped = header + integerBytes(keyType);
    if (blobType != 12 + 2L * StoredVectors.CHUNK * bytes || local < skipped) {
      throw damaged(ordinal);
    }
    int place = chunk * stride;
    long next = content + local;
    long covered = local - skipped;
    for (int i = 2; i < stride && covered < (long) StoredVectors.CHUNK * bytes; i++) {
      long page = pageAt(file.get(INT, next));
      places.setPlain(place + i, page + Integer.BYTES);
      covered += usable - Integer.BYTES;
      next = page;
    }
    places.setPlain(place + 1, local - skipped);
    places.setRelease(place, content + skipped);
  }

  /** Copies a vector that starts {@code from} bytes into its chunk. */
  private void copy(int place, long from, MemorySegment to, long at) {
    long local = places.getPlain(place + 1);
    long copied = 0;
    if (from < local) {
      copied = Math.min(bytes, local - from);
      MemorySegment.copy(file, places.getPlain(place) + from, to, at, copied);
    }
    int capacity = usable - Integer.BYTES;
    while (copied < bytes) {
      long beyond = from + copied - local;
      int page = (int) (beyond / capacity);
      long skipped = beyond - (long) page * capacity;
      long count = Math.min(bytes - copied, capacity - skipped);
      MemorySegment.copy(file, places.getPlain(place + 2 + page) + skipped, to, at + copied, count);
      copied += count;
    }
  }

  private long pageAt(int number) {
    return (Integer.toUnsignedLong(number) - 1) * pageSize;
  }

  /** Where the leaf cell of {@code row} starts. */
  private long cellOf(long row) {
    long page = pageAt(root);
    // A B-tree of two billion rows has fewer levels; a damaged one may have a circle.
    for (int level = 0; level < 20; level++) {
      int type = file.get(ValueLayout.JAVA_BYTE, page);
      int cells = Short.toUnsignedInt(file.get(SHORT, page + 3));
      int low = 0;
      int high = cells;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (keyOf(page, type, middle) < row) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      if (type == LEAF) {
        if (low == cells || keyOf(page, type, low) != row) {
          break;
        }
        return cellAt(page, type, low);
      }
      page = pageAt(file.get(INT, low == cells ? page + 8 : cellAt(page, type, low)));
    }
    throw new IndexOutOfBoundsException("chunk " + row + " is not in the B-tree");
  }

  private long cellAt(long page, int type, int cell) {
    int header = type == INTERIOR ? 12 : 8;
    return page + Short.toUnsignedInt(file.get(SHORT, page + header + 2L * cell));
  }

  private long keyOf(long page, int type, int cell) {
    long at = cellAt(page, type, cell);
    return varint(type == INTERIOR ? at + Integer.BYTES : at + varintLength(at));
  }

  /** How much of a leaf's payload lies in the leaf: section 1.6 of the format. */
  private long localBytes(long payload) {
    long most = usable - 35L;
    if (payload <= most) {
      return payload;
    }
    long least = (usable - 12) * 32L / 255 - 23;
    long wanted = least + (payload - least) % (usable - 4);
    return wanted <= most ? wanted : least;
  }

  private static long integerBytes(long serialType) {
    return switch ((int) serialType) {
      case 1, 2, 3, 4 -> serialType;
      case 5 -> 6;
      case 6 -> 8;
      default -> 0;
    };
  }

  private long varint(long at) {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      int next = unsignedByte(at + i);
      value = value << 7 | (next & 0x7F);
      if (next < 0x80) {
        return value;
      }
    }
    return value << 8 | unsignedByte(at + 8);
  }

  private int varintLength(long at) {
    int length = 1;
    while (length < 9 && unsignedByte(at + length - 1) >= 0x80) {
      length++;
    }
    return length;
  }
}
