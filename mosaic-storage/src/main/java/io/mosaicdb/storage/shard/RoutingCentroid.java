package io.mosaicdb.storage.shard;

import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.storage.vector.VectorMetric;
import io.mosaicdb.storage.vector.VectorSource;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The mean of a shard's vectors and its length: what tells a router how near a shard is to a query.
 */
final class RoutingCentroid {
  private RoutingCentroid() {}

  static void write(Connection connection, VectorMetric metric, VectorSource vectors)
      throws SQLException {
    var sums = new double[vectors.vector(0).length];
    for (int ordinal = 0; ordinal < vectors.size(); ordinal++) {
      var vector = metric.prepare(vectors.vector(ordinal));
      for (int d = 0; d < sums.length; d++) {
        sums[d] += vector[d];
      }
    }
    var mean = new float[sums.length];
    double squares = 0;
    for (int d = 0; d < sums.length; d++) {
      mean[d] = (float) (sums[d] / vectors.size());
      squares += (double) mean[d] * mean[d];
    }
    try (var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE routing_centroids(number INTEGER PRIMARY KEY, vector BLOB NOT NULL, norm REAL NOT NULL, passages INTEGER NOT NULL)");
    }
    try (var insert =
        connection.prepareStatement("INSERT INTO routing_centroids VALUES (0, ?, ?, ?)")) {
      insert.setBytes(1, Vectors.toBytes(mean));
      insert.setDouble(2, Math.sqrt(squares));
      insert.setInt(3, vectors.size());
      insert.executeUpdate();
    }
  }
}
