package io.mosaicdb.storage.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the vector tables of a shard file; {@code DESIGN.md} specifies them.
 *
 * <p>The same vectors, metric and centroid set give the same tables, byte for byte.
 */
public final class VectorIndexWriter {
  static final int VERSION = 1;

  /** Vectors in one row of {@code vector_slices}: bounds what reading one holds on the heap. */
  private static final int SLICE = 8192;

  private final Connection connection;
  private final VectorMetric metric;
  private final CodeLayout layout;
  private final VectorSource vectors;
  private final @Nullable CentroidSet centroids;

  private VectorIndexWriter(
      Connection connection,
      VectorMetric metric,
      CodeLayout layout,
      VectorSource vectors,
      @Nullable CentroidSet centroids) {
    this.connection = connection;
    this.metric = metric;
    this.layout = layout;
    this.vectors = vectors;
    this.centroids = centroids;
  }

  /**
   * Creates the tables and fills them. The caller owns the transaction: nothing is committed, and
   * after an exception the caller rolls back.
   *
   * @param connection has sqlite-vec loaded
   * @param vectors each of {@code dimensions} components; read twice or three times, in order or by
   *     cell
   * @param centroids the namespace's cells, or null for a flat index
   * @throws IllegalArgumentException if a vector has other dimensions, a component that is not
   *     finite, or no direction under cosine; the message names the ordinal
   */
  public static void write(
      Connection connection,
      VectorMetric metric,
      int dimensions,
      VectorSource vectors,
      @Nullable CentroidSet centroids)
      throws SQLException {
    if (centroids != null && centroids.dimensions() != dimensions) {
      throw new IllegalArgumentException(
          "centroids have "
              + centroids.dimensions()
              + " dimensions, the vectors should have "
              + dimensions);
    }
    new VectorIndexWriter(connection, metric, new CodeLayout(dimensions), vectors, centroids)
        .write();
  }

  private void write() throws SQLException {
    createTables();
    var cells = new int[vectors.size()];
    var sums = new double[layout.dimensions()];
    double largestSquare = 0;
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO passage_vectors(rowid, embedding) VALUES (?, ?)")) {
      var kernels = VectorKernels.best();
      var bytes = new byte[layout.dimensions() * Float.BYTES];
      for (int ordinal = 0; ordinal < cells.length; ordinal++) {
        var vector = prepared(ordinal);
        insertVector(insert, ordinal, vector, bytes);
        if (centroids != null) {
          cells[ordinal] = centroids.nearest(kernels, vector);
        }
        double squares = 0;
        for (int d = 0; d < vector.length; d++) {
          sums[d] += vector[d];
          squares += (double) vector[d] * vector[d];
        }
        largestSquare = Math.max(largestSquare, squares);
      }
    }
    var centre = centroids != null ? centroids.centre() : mean(sums, cells.length);
    var encoder = new ResidualEncoder(metric, centre);
    insertSlices(cells, centre, encoder);
    insertIndex(centre, (float) Math.sqrt(largestSquare), encoder.deviation());
  }

  private void createTables() throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "CREATE VIRTUAL TABLE passage_vectors USING vec0(embedding float["
              + layout.dimensions()
              + "] distance_metric="
              + metric.sqliteVecMetric()
              + ", chunk_size="
              + StoredVectors.CHUNK
              + ")");
      statement.execute(
          """
          CREATE TABLE vector_index(
            version INTEGER NOT NULL,
            metric TEXT NOT NULL,
            dimensions INTEGER NOT NULL,
            vectors INTEGER NOT NULL,
            largest_norm REAL NOT NULL,
            code_deviation REAL NOT NULL,
            centre BLOB NOT NULL,
            centroids BLOB)\
          """);
      statement.execute(
          """
          CREATE TABLE vector_slices(
            slice INTEGER PRIMARY KEY,
            cell INTEGER NOT NULL,
            vectors INTEGER NOT NULL,
            ordinals BLOB NOT NULL,
            codes BLOB NOT NULL,
            residuals BLOB NOT NULL)\
          """);
    }
  }

  private float[] prepared(int ordinal) {
    var vector = vectors.vector(ordinal);
    if (vector.length != layout.dimensions()) {
      throw new IllegalArgumentException(
          "passage "
              + ordinal
              + " must have "
              + layout.dimensions()
              + " dimensions, got "
              + vector.length);
    }
    try {
      return metric.prepare(vector);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("passage " + ordinal + ": " + e.getMessage(), e);
    }
  }

  private static void insertVector(
      PreparedStatement insert, int ordinal, float[] vector, byte[] bytes) throws SQLException {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector);
    insert.setLong(1, ordinal + 1L);
    insert.setBytes(2, bytes);
    insert.executeUpdate();
  }

  private static float[] mean(double[] sums, int vectors) {
    var mean = new float[sums.length];
    for (int d = 0; d < sums.length; d++) {
      mean[d] = vectors == 0 ? 0 : (float) (sums[d] / vectors);
    }
    return mean;
  }

  private void insertIndex(float[] centre, float largestNorm, float deviation) throws SQLException {
    try (var insert =
        connection.prepareStatement("INSERT INTO vector_index VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setInt(1, VERSION);
      insert.setString(2, metric.name());
      insert.setInt(3, layout.dimensions());
      insert.setInt(4, vectors.size());
      insert.setDouble(5, largestNorm);
      insert.setDouble(6, deviation);
      insert.setBytes(7, floats(centre));
      insert.setBytes(8, centroids == null ? null : centroids.toBytes());
      insert.executeUpdate();
    }
  }

  private void insertSlices(int[] cells, float[] centre, ResidualEncoder encoder)
      throws SQLException {
    int cellCount = centroids == null ? 1 : centroids.size();
    var starts = new int[cellCount + 1];
    for (int cell : cells) {
      starts[cell + 1]++;
    }
    for (int cell = 0; cell < cellCount; cell++) {
      starts[cell + 1] += starts[cell];
    }
    var byCell = new int[cells.length];
    var next = starts.clone();
    for (int ordinal = 0; ordinal < cells.length; ordinal++) {
      byCell[next[cells[ordinal]]++] = ordinal;
    }
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO vector_slices(cell, vectors, ordinals, codes, residuals) VALUES (?, ?, ?, ?, ?)")) {
      for (int cell = 0; cell < cellCount; cell++) {
        var centroid = centroids == null ? centre : centroids.centroid(cell);
        for (int from = starts[cell]; from < starts[cell + 1]; from += SLICE) {
          int to = Math.min(from + SLICE, starts[cell + 1]);
          insertSlice(insert, encoder, cell, centroid, byCell, from, to);
        }
      }
    }
  }

  private void insertSlice(
      PreparedStatement insert,
      ResidualEncoder encoder,
      int cell,
      float[] centroid,
      int[] byCell,
      int from,
      int to)
      throws SQLException {
    int count = to - from;
    var ordinals = ByteBuffer.allocate(count * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    var codes = new long[layout.blockAt(CodeLayout.padded(count))];
    var rows = new byte[Math.multiplyExact(count, layout.rowBytes())];
    var rowSegment = MemorySegment.ofArray(rows);
    for (int i = 0; i < count; i++) {
      int ordinal = byCell[from + i];
      ordinals.putInt(ordinal);
      encoder.encode(prepared(ordinal), centroid, codes, rowSegment, i);
    }
    insert.setInt(1, cell);
    insert.setInt(2, count);
    insert.setBytes(3, ordinals.array());
    insert.setBytes(4, bytes(codes));
    insert.setBytes(5, rows);
    insert.executeUpdate();
  }

  private static byte[] bytes(long[] values) {
    var bytes = new byte[Math.multiplyExact(values.length, Long.BYTES)];
    MemorySegment.copy(
        values, 0, MemorySegment.ofArray(bytes), ScalarKernels.LONG, 0, values.length);
    return bytes;
  }

  private static byte[] floats(float[] values) {
    var bytes = new byte[values.length * Float.BYTES];
    MemorySegment.copy(
        values, 0, MemorySegment.ofArray(bytes), ScalarKernels.FLOAT, 0, values.length);
    return bytes;
  }
}
