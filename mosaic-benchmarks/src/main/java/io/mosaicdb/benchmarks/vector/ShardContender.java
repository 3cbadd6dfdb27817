package io.mosaicdb.benchmarks.vector;

import io.mosaicdb.sqlitevec.SqliteVecLibrary;
import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.vector.CentroidSet;
import io.mosaicdb.storage.vector.StoredVectors;
import io.mosaicdb.storage.vector.VectorIndex;
import io.mosaicdb.storage.vector.VectorIndexWriter;
import io.mosaicdb.storage.vector.VectorMetric;
import io.mosaicdb.storage.vector.VectorQuery;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import io.mosaicdb.storage.vector.VectorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/** The vector tables of a shard, in a file of their own; training the cells counts as building. */
final class ShardContender implements Contender {
  private static final VectorMetric METRIC = VectorMetric.COSINE;

  private final String name;
  private final double buildMicros;
  private final double bytesOnDisk;
  private final Connection connection;
  private final VectorIndex index;
  private final StoredVectors stored;

  private ShardContender(String name, double buildMicros, double bytesOnDisk, Connection connection)
      throws SQLException {
    this.name = name;
    this.buildMicros = buildMicros;
    this.bytesOnDisk = bytesOnDisk;
    this.connection = connection;
    this.index = VectorIndex.open(connection);
    this.stored = index.stored(connection);
  }

  static ShardContender build(Path folder, List<float[]> vectors, int cells)
      throws SQLException, IOException {
    var file = folder.resolve("shard-" + cells + ".db");
    var source = VectorSource.of(vectors);
    long start = System.nanoTime();
    @Nullable CentroidSet centroids = cells == 0 ? null : CentroidSet.train(METRIC, source, cells);
    try (var connection = withVectorTables(file)) {
      connection.setAutoCommit(false);
      VectorIndexWriter.write(connection, METRIC, vectors.getFirst().length, source, centroids);
      connection.commit();
    }
    double micros = (System.nanoTime() - start) / 1e3 / vectors.size();
    double bytes = Files.size(file) / (double) vectors.size();
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, String.valueOf(1L << 33));
    var connection =
        DriverManager.getConnection(
            "jdbc:sqlite:file:" + file + "?immutable=1", config.toProperties());
    var name = cells == 0 ? "MosaicDB shard, flat" : "MosaicDB shard, " + cells + " cells";
    return new ShardContender(name, micros, bytes, connection);
  }

  /** A connection whose SQL knows sqlite-vec's tables. */
  static Connection withVectorTables(Path file) throws SQLException {
    var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    var database = connection.unwrap(SQLiteConnection.class).getDatabase();
    database.enable_load_extension(true);
    try (var load = connection.prepareStatement("SELECT load_extension(?, ?)")) {
      load.setString(1, SqliteVecLibrary.path().toString());
      load.setString(2, SqliteVecLibrary.ENTRY_POINT);
      load.execute();
    } finally {
      database.enable_load_extension(false);
    }
    return connection;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double buildMicros() {
    return buildMicros;
  }

  @Override
  public double bytesOnDisk() {
    return bytesOnDisk;
  }

  double bytesInMemory() {
    return index.bytes() / (double) index.size();
  }

  int dimensions() {
    return index.dimensions();
  }

  int cells() {
    return index.cells();
  }

  int size() {
    return index.size();
  }

  @Override
  public List<Effort> efforts() {
    var efforts = new ArrayList<Effort>();
    for (double target : new double[] {.90, .95, .98, .99, 1}) {
      efforts.add(new Search("target " + target, VectorSearchOptions.targeting(target), null));
    }
    efforts.add(new Search("exact", VectorSearchOptions.EXACT, null));
    return efforts;
  }

  /** Scans {@code probes} cells and hands on as few candidates as possible. */
  Effort scanOf(int probes) {
    return new Search(probes + " cells, codes", VectorSearchOptions.fixed(probes, 10), null);
  }

  /** Searches among {@code accept} only, null for all. */
  Effort among(@Nullable OrdinalSet accept, VectorSearchOptions options) {
    return new Search(options.exact() ? "exact" : "default", options, accept);
  }

  private final class Search implements Effort {
    private final String effort;
    private final VectorSearchOptions options;
    private final @Nullable OrdinalSet accept;

    Search(String effort, VectorSearchOptions options, @Nullable OrdinalSet accept) {
      this.effort = effort;
      this.options = options;
      this.accept = accept;
    }

    @Override
    public String name() {
      return effort;
    }

    @Override
    public int[] search(float[] query) throws SQLException {
      return index.search(VectorQuery.of(METRIC, query), 10, options, accept, stored).ordinals();
    }
  }

  @Override
  public void close() throws SQLException {
    stored.close();
    index.close();
    connection.close();
  }
}
