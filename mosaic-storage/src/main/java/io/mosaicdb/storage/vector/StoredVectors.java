package io.mosaicdb.storage.vector;

import java.lang.foreign.MemorySegment;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The float vectors of a shard: from the mapped file where it is a settled one, else by SQL through
 * a connection, whose statement is prepared when first needed and kept. Not thread-safe: one thread
 * at a time, like the connection. Closing it leaves the connection open.
 */
public final class StoredVectors implements AutoCloseable {
  /**
   * Vectors in a chunk of the {@code vec0} table: the fewest it allows. A dozen random vectors take
   * half as long by SQL as with 64; a KNN over all by SQL takes twice as long.
   */
  static final int CHUNK = 8;

  // sqlite-vec fills chunks in order of insertion and never moves a vector, so the place of an
  // ordinal is known: reading the chunk itself avoids two look-ups a vector inside sqlite-vec.
  private static final String READ =
      "SELECT wanted.key, substr(vectors, (wanted.value % 8) * ?1 + 1, ?1)"
          + " FROM json_each(?2) AS wanted CROSS JOIN passage_vectors_vector_chunks00 AS chunk"
          + " ON chunk._rowid_ = wanted.value / 8 + 1";

  private final Connection connection;
  private final @Nullable MappedVectors mapped;
  private final int dimensions;
  private @Nullable PreparedStatement statement;

  StoredVectors(Connection connection, @Nullable MappedVectors mapped, int dimensions) {
    this.connection = connection;
    this.mapped = mapped;
    this.dimensions = dimensions;
  }

  /** Whether vectors are read without the connection. */
  boolean isMapped() {
    return mapped != null;
  }

  /**
   * Reads the vectors of {@code count} ordinals, one after the other.
   *
   * @throws SQLException if one cannot be read, which means that the file is damaged
   */
  public float[] read(int[] ordinals, int count) throws SQLException {
    var floats = new float[Math.multiplyExact(count, dimensions)];
    if (mapped == null) {
      readBySql(ordinals, count, floats);
      return floats;
    }
    for (int i = 0; i < count; i++) {
      mapped.read(ordinals[i], floats, i * dimensions);
    }
    return floats;
  }

  private void readBySql(int[] ordinals, int count, float[] floats) throws SQLException {
    var read = statement;
    if (read == null) {
      read = connection.prepareStatement(READ);
      statement = read;
    }
    var wanted = new StringBuilder(count * 7).append('[');
    for (int i = 0; i < count; i++) {
      wanted.append(i == 0 ? "" : ",").append(ordinals[i]);
    }
    read.setInt(1, dimensions * Float.BYTES);
    read.setString(2, wanted.append(']').toString());
    int found = 0;
    try (var rows = read.executeQuery()) {
      while (rows.next()) {
        var bytes = rows.getBytes(2);
        if (bytes == null || bytes.length != dimensions * Float.BYTES) {
          break;
        }
        MemorySegment.copy(
            MemorySegment.ofArray(bytes),
            ScalarKernels.FLOAT,
            0,
            floats,
            rows.getInt(1) * dimensions,
            dimensions);
        found++;
      }
    }
    if (found < count) {
      throw new SQLException(
          "passage_vectors holds "
              + found
              + " of "
              + count
              + " vectors asked for: the shard is damaged");
    }
  }

  @Override
  public void close() throws SQLException {
    if (statement != null) {
      statement.close();
    }
  }
}
