package io.mosaicdb.storage.vector;

import java.lang.foreign.MemorySegment;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * The float vectors of a shard, read through one connection, with the statement kept prepared. Not
 * thread-safe: one thread at a time, like the connection. Closing it leaves the connection open.
 */
public final class StoredVectors implements AutoCloseable {
  /**
   * Vectors in a chunk of the {@code vec0} table: the fewest it allows, so that one read is small.
   */
  static final int CHUNK = 8;

  // sqlite-vec fills chunks in order of insertion and never moves a vector, so the place of an
  // ordinal is known: reading the chunk itself avoids two look-ups a vector inside sqlite-vec.
  private static final String READ =
      "SELECT wanted.key, substr(vectors, (wanted.value % 8) * ?1 + 1, ?1)"
          + " FROM json_each(?2) AS wanted CROSS JOIN passage_vectors_vector_chunks00 AS chunk"
          + " ON chunk._rowid_ = wanted.value / 8 + 1";

  private final PreparedStatement statement;
  private final int dimensions;

  private StoredVectors(PreparedStatement statement, int dimensions) {
    this.statement = statement;
    this.dimensions = dimensions;
  }

  static StoredVectors open(Connection connection, int dimensions) throws SQLException {
    return new StoredVectors(connection.prepareStatement(READ), dimensions);
  }

  /**
   * Reads the vectors of {@code count} ordinals, one after the other.
   *
   * @throws SQLException if one cannot be read, which means that the file is damaged
   */
  float[] read(int[] ordinals, int count) throws SQLException {
    var floats = new float[Math.multiplyExact(count, dimensions)];
    var wanted = new StringBuilder(count * 7).append('[');
    for (int i = 0; i < count; i++) {
      wanted.append(i == 0 ? "" : ",").append(ordinals[i]);
    }
    statement.setInt(1, dimensions * Float.BYTES);
    statement.setString(2, wanted.append(']').toString());
    int found = 0;
    try (var rows = statement.executeQuery()) {
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
    return floats;
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
