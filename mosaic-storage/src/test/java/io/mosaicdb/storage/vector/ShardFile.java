package io.mosaicdb.storage.vector;

import io.mosaicdb.sqlitevec.SqliteVecLibrary;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/** A file with vector tables, and connections to it with sqlite-vec loaded. */
record ShardFile(Path path) {
  static ShardFile write(
      Path path, VectorMetric metric, float[][] vectors, @Nullable CentroidSet centroids)
      throws SQLException {
    var shard = new ShardFile(path);
    int dimensions = vectors.length == 0 ? 96 : vectors[0].length;
    try (var connection = shard.connect()) {
      connection.setAutoCommit(false);
      VectorIndexWriter.write(
          connection, metric, dimensions, VectorSource.of(List.of(vectors)), centroids);
      connection.commit();
    }
    return shard;
  }

  Connection connect() throws SQLException {
    var connection = DriverManager.getConnection("jdbc:sqlite:" + path);
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
}
