package io.mosaicdb.storage.shard;

import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.storage.vector.VectorMetric;
import io.mosaicdb.storage.vector.VectorSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The mean of a shard's vectors and its length: what tells a router how near a shard is to a query.
 *
 * @param vector as indexed; not to be written to
 * @param passages how many vectors it is the mean of
 */
public record RoutingCentroid(float[] vector, double norm, long passages) {
  static List<RoutingCentroid> read(Connection connection) throws SQLException {
    var found = new ArrayList<RoutingCentroid>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT vector, norm, passages FROM routing_centroids ORDER BY number")) {
      while (rows.next()) {
        found.add(
            new RoutingCentroid(
                Vectors.toFloats(rows.getBytes(1)), rows.getDouble(2), rows.getLong(3)));
      }
    }
    return found;
  }

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
