package io.mosaicdb.coordinator.routing;

import io.mosaicdb.contract.worker.ShardWorkerApi.ShardBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.ShardRoutingBody;
import io.mosaicdb.coordinator.database.LocalDatabase;
import io.mosaicdb.coordinator.database.LocalDatabase.Durability;
import io.mosaicdb.coordinator.database.LocalSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The file of the routing database; the package describes it. Thread-safe. */
final class RoutingDatabase implements AutoCloseable {
  private static final LocalSchema SCHEMA =
      new LocalSchema(
          0x4D525447,
          1,
          List.of(
              """
              CREATE TABLE shards(
                namespace TEXT NOT NULL,
                partition INTEGER NOT NULL,
                shard_id TEXT NOT NULL,
                worker TEXT NOT NULL,
                path TEXT NOT NULL,
                documents INTEGER NOT NULL,
                passages INTEGER NOT NULL,
                deleted INTEGER NOT NULL,
                bytes INTEGER NOT NULL,
                queries INTEGER NOT NULL,
                last_queried TEXT,
                status TEXT NOT NULL,
                hot INTEGER NOT NULL,
                checksum TEXT NOT NULL,
                term_filter BLOB,
                refreshed_at INTEGER NOT NULL,
                PRIMARY KEY(namespace, partition, shard_id)
              ) STRICT
              """,
              "CREATE INDEX shards_by_queries ON shards(queries DESC)",
              """
              CREATE TABLE centroids(
                namespace TEXT NOT NULL,
                partition INTEGER NOT NULL,
                shard_id TEXT NOT NULL,
                number INTEGER NOT NULL,
                vector BLOB NOT NULL,
                norm REAL NOT NULL,
                passages INTEGER NOT NULL,
                PRIMARY KEY(namespace, partition, shard_id, number)
              ) STRICT
              """));
  private static final String UPSERT =
      """
      INSERT INTO shards(namespace, partition, shard_id, worker, path, documents, passages, deleted,
                         bytes, queries, last_queried, status, hot, checksum, refreshed_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT(namespace, partition, shard_id) DO UPDATE SET
        worker = excluded.worker, path = excluded.path, documents = excluded.documents,
        passages = excluded.passages, deleted = excluded.deleted, bytes = excluded.bytes,
        queries = excluded.queries, last_queried = excluded.last_queried,
        status = excluded.status, hot = excluded.hot, checksum = excluded.checksum,
        refreshed_at = excluded.refreshed_at
      """;

  private final Path file;
  private LocalDatabase database;

  /** A shard, wherever it is mentioned. */
  record ShardName(String namespace, int partition, String shardId) {}

  /** A shard as a worker describes it. */
  record Held(String worker, ShardBody shard) {}

  RoutingDatabase(Path file) {
    this.file = file;
    this.database = LocalDatabase.open(file, SCHEMA, Durability.PROCESS_END);
  }

  /** Makes the file anew if somebody has deleted it. */
  private synchronized LocalDatabase database() {
    if (!Files.exists(file)) {
      database.close();
      try {
        for (var suffix : List.of("-wal", "-shm")) {
          Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
        }
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      database = LocalDatabase.open(file, SCHEMA, Durability.PROCESS_END);
    }
    return database;
  }

  /** Takes over what the workers say of a namespace; shards that are gone go. */
  void refresh(String namespace, Collection<Held> held, long nowMillis) {
    var _ =
        database()
            .transaction(connection -> {
              try (var upsert = connection.prepareStatement(UPSERT)) {
                for (var each : held) {
                  var shard = each.shard();
                  upsert.setString(1, namespace);
                  upsert.setInt(2, shard.partition());
                  upsert.setString(3, shard.shardId());
                  upsert.setString(4, each.worker());
                  upsert.setString(5, shard.path());
                  upsert.setLong(6, shard.documents());
                  upsert.setLong(7, shard.passages());
                  upsert.setLong(8, shard.deleted());
                  upsert.setLong(9, shard.bytes());
                  upsert.setLong(10, shard.queries());
                  upsert.setString(11, shard.lastQueried());
                  upsert.setString(12, shard.status());
                  upsert.setBoolean(13, shard.hot());
                  upsert.setString(14, shard.checksum());
                  upsert.setLong(15, nowMillis);
                  upsert.executeUpdate();
                }
              }
              return execute(
                  connection,
                  "DELETE FROM shards WHERE namespace = ? AND refreshed_at <> ?",
                  namespace,
                  nowMillis);
            });
    var _ = database().transaction(RoutingDatabase::forgetCentroidsWithoutShard);
  }

  /** Forgets the namespaces that are not among {@code existing}. */
  void retain(Set<String> existing) {
    var _ =
        database()
            .transaction(connection -> {
              int gone = 0;
              for (var namespace : namespaces(connection)) {
                if (!existing.contains(namespace)) {
                  gone += execute(connection, "DELETE FROM shards WHERE namespace = ?", namespace);
                }
              }
              return gone + forgetCentroidsWithoutShard(connection);
            });
  }

  private static Set<String> namespaces(Connection connection) throws SQLException {
    var found = new HashSet<String>();
    try (var query = connection.prepareStatement("SELECT DISTINCT namespace FROM shards");
        var rows = query.executeQuery()) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  private static int forgetCentroidsWithoutShard(Connection connection) throws SQLException {
    return execute(
        connection,
        "DELETE FROM centroids WHERE (namespace, partition, shard_id) NOT IN (SELECT namespace, partition, shard_id FROM shards)");
  }

  private static int execute(Connection connection, String sql, Object... values)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  /** The shards whose centroids and words are not known yet. */
  Set<ShardName> undescribed() {
    return database()
        .call(connection -> {
          var found = new HashSet<ShardName>();
          try (var query =
                  connection.prepareStatement(
                      "SELECT namespace, partition, shard_id FROM shards WHERE term_filter IS NULL AND status = 'active'");
              var rows = query.executeQuery()) {
            while (rows.next()) {
              found.add(new ShardName(rows.getString(1), rows.getInt(2), rows.getString(3)));
            }
          }
          return found;
        });
  }

  void describe(ShardName key, ShardRoutingBody routing) {
    var _ =
        database()
            .transaction(connection -> {
              try (var insert =
                  connection.prepareStatement(
                      "INSERT OR REPLACE INTO centroids VALUES (?, ?, ?, ?, ?, ?, ?)")) {
                for (int i = 0; i < routing.centroids().size(); i++) {
                  var centroid = routing.centroids().get(i);
                  insert.setString(1, key.namespace());
                  insert.setInt(2, key.partition());
                  insert.setString(3, key.shardId());
                  insert.setInt(4, i);
                  insert.setBytes(5, centroid.vector());
                  insert.setDouble(6, centroid.norm());
                  insert.setLong(7, centroid.passages());
                  insert.executeUpdate();
                }
              }
              return execute(
                  connection,
                  "UPDATE shards SET term_filter = ? WHERE namespace = ? AND partition = ? AND shard_id = ?",
                  routing.termFilter(),
                  key.namespace(),
                  key.partition(),
                  key.shardId());
            });
  }

  @Override
  public synchronized void close() {
    database.close();
  }
}
