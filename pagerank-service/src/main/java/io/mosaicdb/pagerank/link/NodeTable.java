package io.mosaicdb.pagerank.link;

import io.mosaicdb.contract.worker.ShardWorkerApi.LinkTarget;
import io.mosaicdb.contract.worker.ShardWorkerApi.LinkingDocument;
import io.mosaicdb.model.document.UrlHost;
import io.mosaicdb.pagerank.graph.LinkGraphWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a computation and their links, in a SQLite file. Nodes are numbered from 0 in the
 * order in which documents, or hosts, are first seen. Not thread-safe; calls SQLite, so it is for
 * platform threads.
 */
public final class NodeTable implements AutoCloseable {
  private static final int BATCH = 5_000;

  private final Connection connection;

  private NodeTable(Connection connection) {
    this.connection = connection;
  }

  /** Opens the file, created if missing. */
  public static NodeTable open(Path file) throws IOException {
    try {
      var connection = Sqlite.open(file);
      try (var statement = connection.createStatement()) {
        statement.executeUpdate(
            "CREATE TABLE IF NOT EXISTS documents"
                + " (node INTEGER PRIMARY KEY, partition INTEGER, id TEXT, host INTEGER)");
        statement.executeUpdate(
            "CREATE TABLE IF NOT EXISTS hosts (node INTEGER PRIMARY KEY, host TEXT UNIQUE)");
        statement.executeUpdate(
            "CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, node INTEGER) WITHOUT ROWID");
        statement.executeUpdate(
            "CREATE TABLE IF NOT EXISTS links (source INTEGER NOT NULL, target TEXT NOT NULL)");
        statement.executeUpdate(
            "CREATE TABLE IF NOT EXISTS progress (partition INTEGER PRIMARY KEY,"
                + " commit_seq INTEGER NOT NULL, after TEXT, done INTEGER NOT NULL,"
                + " nofollow INTEGER NOT NULL)");
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
      return new NodeTable(connection);
    } catch (SQLException e) {
      throw Sqlite.failed(e);
    }
  }

  /**
   * How far a partition was read.
   *
   * @param commitSeq of the snapshot
   * @param after the last document that is stored; null: none
   * @param nofollow links that were left out since they ask not to be followed
   */
  public record Progress(long commitSeq, @Nullable String after, boolean done, long nofollow) {}

  /** Null before anything was read. */
  public @Nullable Progress progress(int partition) throws IOException {
    try (var select =
        connection.prepareStatement(
            "SELECT commit_seq, after, done, nofollow FROM progress WHERE partition = ?")) {
      select.setInt(1, partition);
      try (var rows = select.executeQuery()) {
        return rows.next()
            ? new Progress(rows.getLong(1), rows.getString(2), rows.getInt(3) == 1, rows.getLong(4))
            : null;
      }
    } catch (SQLException e) {
      throw Sqlite.failed(e);
    }
  }

  /** The commit of each partition that was read. */
  public Map<String, Long> commits() throws IOException {
    var commits = new HashMap<String, Long>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT partition, commit_seq FROM progress")) {
      while (rows.next()) {
        commits.put(Integer.toString(rows.getInt(1)), rows.getLong(2));
      }
    } catch (SQLException e) {
      throw Sqlite.failed(e);
    }
    return commits;
  }

  /** Stores a page of documents and how far it leads, together or not at all. */
  public void add(int partition, long commitSeq, List<LinkingDocument> documents, boolean last)
      throws IOException {
    try {
      connection.setAutoCommit(false);
      try {
        store(partition, commitSeq, documents, last);
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw Sqlite.failed(e);
    }
  }

  private void store(int partition, long commitSeq, List<LinkingDocument> documents, boolean last)
      throws SQLException {
    long node = count("SELECT coalesce(max(node), -1) + 1 FROM documents");
    long nofollow = 0;
    try (var insert = connection.prepareStatement("INSERT INTO documents VALUES (?, ?, ?, ?)");
        var id = connection.prepareStatement("INSERT OR REPLACE INTO keys VALUES (?, ?)");
        var url = connection.prepareStatement("INSERT OR IGNORE INTO keys VALUES (?, ?)");
        var link = connection.prepareStatement("INSERT INTO links VALUES (?, ?)")) {
      for (var document : documents) {
        insert.setLong(1, node);
        insert.setInt(2, partition);
        insert.setString(3, document.id());
        var host = host(document);
        if (host == null) {
          insert.setObject(4, null);
        } else {
          insert.setLong(4, hostNode(host));
        }
        insert.executeUpdate();
        key(id, LinkKey.of(document.id()), node);
        if (document.url() != null) {
          key(url, LinkKey.of(document.url()), node);
        }
        for (LinkTarget target : document.links()) {
          if (isNofollow(target.rel())) {
            nofollow++;
          } else {
            link.setLong(1, node);
            link.setString(2, LinkKey.of(target.url()));
            link.addBatch();
          }
        }
        node++;
      }
      link.executeBatch();
    }
    try (var mark =
        connection.prepareStatement(
            "INSERT INTO progress VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (partition) DO UPDATE"
                + " SET after = coalesce(?3, after), done = ?4, nofollow = nofollow + ?5")) {
      mark.setInt(1, partition);
      mark.setLong(2, commitSeq);
      mark.setString(3, documents.isEmpty() ? null : documents.getLast().id());
      mark.setInt(4, last ? 1 : 0);
      mark.setLong(5, nofollow);
      mark.executeUpdate();
    }
  }

  private static @Nullable String host(LinkingDocument document) {
    return UrlHost.of(document.url()).or(() -> UrlHost.of(document.id())).orElse(null);
  }

  private static void key(PreparedStatement statement, String key, long node) throws SQLException {
    statement.setString(1, key);
    statement.setLong(2, node);
    statement.executeUpdate();
  }

  private long hostNode(String host) throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO hosts"
                + " VALUES ((SELECT coalesce(max(node), -1) + 1 FROM hosts), ?)")) {
      insert.setString(1, host);
      insert.executeUpdate();
    }
    try (var select = connection.prepareStatement("SELECT node FROM hosts WHERE host = ?")) {
      select.setString(1, host);
      try (var rows = select.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static boolean isNofollow(@Nullable String rel) {
    return rel != null
        && Arrays.asList(rel.toLowerCase(Locale.ROOT).strip().split("\\s+")).contains("nofollow");
  }

  public int documents() throws IOException {
    return Math.toIntExact(number("SELECT count(*) FROM documents"));
  }

  public int nodes(Level level) throws IOException {
    return level == Level.DOCUMENT
        ? documents()
        : Math.toIntExact(number("SELECT count(*) FROM hosts"));
  }

  /**
   * What became of the links.
   *
   * @param read links of the documents, those that are not followed included
   * @param unknown lead to no document of the namespace
   * @param self lead to the node they come from
   * @param parallel repeat another of the same document
   */
  public record LinkCounts(long read, long nofollow, long unknown, long self, long parallel) {}

  /** Gives the writer an edge for each link between two nodes. */
  public LinkCounts write(Level level, LinkGraphWriter writer) throws IOException {
    long stored = number("SELECT count(*) FROM links");
    long nofollow = number("SELECT coalesce(sum(nofollow), 0) FROM progress");
    long resolved = 0;
    long distinct = 0;
    long self = 0;
    // By source and node: what a document repeats stands together.
    var sql =
        "SELECT l.source, k.node, count(*), s.host, t.host FROM links l"
            + " JOIN keys k ON k.key = l.target"
            + " JOIN documents s ON s.node = l.source JOIN documents t ON t.node = k.node"
            + " GROUP BY l.source, k.node";
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        int count = rows.getInt(3);
        resolved += count;
        int source = level == Level.DOCUMENT ? rows.getInt(1) : host(rows, 4);
        int target = level == Level.DOCUMENT ? rows.getInt(2) : host(rows, 5);
        if (source == target || source < 0 || target < 0) {
          self += count;
          continue;
        }
        distinct += count - 1;
        writer.add(source, target);
      }
    } catch (SQLException e) {
      throw Sqlite.failed(e);
    }
    return new LinkCounts(stored + nofollow, nofollow, stored - resolved, self, distinct);
  }

  private static int host(java.sql.ResultSet rows, int column) throws SQLException {
    int node = rows.getInt(column);
    return rows.wasNull() ? -1 : node;
  }

  /**
   * Where a surfer starts: the nodes of ids, addresses or hosts with their weights.
   *
   * @param missing names that are no node
   */
  public record Seeds(double[] weights, int found, List<String> missing) {}

  public Seeds seeds(Level level, Map<String, Double> wanted) throws IOException {
    var weights = new double[nodes(level)];
    var missing = new ArrayList<String>();
    int found = 0;
    var sql =
        level == Level.DOCUMENT
            ? "SELECT node FROM keys WHERE key = ?"
            : "SELECT node FROM hosts WHERE host = ?";
    try (var select = connection.prepareStatement(sql)) {
      for (var entry : wanted.entrySet()) {
        select.setString(1, level == Level.DOCUMENT ? LinkKey.of(entry.getKey()) : hostOf(entry));
        try (var rows = select.executeQuery()) {
          if (rows.next()) {
            weights[rows.getInt(1)] += entry.getValue();
            found++;
          } else {
            missing.add(entry.getKey());
          }
        }
      }
    } catch (SQLException e) {
      throw Sqlite.failed(e);
    }
    return new Seeds(weights, found, missing);
  }

  private static String hostOf(Map.Entry<String, Double> entry) {
    return UrlHost.of(entry.getKey()).orElseGet(() -> entry.getKey().toLowerCase(Locale.ROOT));
  }

  /**
   * Ranks of an earlier computation, for nodes that were there then; others have 1 / nodes.
   *
   * @param earlier a file that {@link #keep} wrote
   */
  public double[] start(Level level, Path earlier) throws IOException {
    int nodes = nodes(level);
    var start = new double[nodes];
    Arrays.fill(start, 1.0 / nodes);
    var sql =
        level == Level.DOCUMENT
            ? "SELECT d.node, e.rank FROM documents d JOIN earlier.ranks e ON e.name = d.id"
            : "SELECT h.node, e.rank FROM hosts h JOIN earlier.ranks e ON e.name = h.host";
    try (var attach = connection.prepareStatement("ATTACH ? AS earlier")) {
      attach.setString(1, earlier.toAbsolutePath().toString());
      attach.executeUpdate();
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          start[rows.getInt(1)] = rows.getDouble(2);
        }
      } finally {
        try (var statement = connection.createStatement()) {
          statement.executeUpdate("DETACH earlier");
        }
      }
    } catch (SQLException e) {
      throw Sqlite.failed(e);
    }
    return start;
  }

  /** Writes the ranks by name, for a later {@link #start}. The file must not be there. */
  public void keep(Level level, double[] ranks, Path file) throws IOException {
    var sql =
        level == Level.DOCUMENT
            ? "SELECT node, id FROM documents ORDER BY id"
            : "SELECT node, host FROM hosts ORDER BY host";
    try (var kept = Sqlite.open(file)) {
      try (var create = kept.createStatement()) {
        create.executeUpdate(
            "CREATE TABLE ranks (name TEXT PRIMARY KEY, rank REAL NOT NULL) WITHOUT ROWID");
      }
      kept.setAutoCommit(false);
      try (var insert = kept.prepareStatement("INSERT INTO ranks VALUES (?, ?)");
          var statement = connection.createStatement();
          var rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          insert.setString(1, rows.getString(2));
          insert.setDouble(2, ranks[rows.getInt(1)]);
          insert.executeUpdate();
        }
      }
      kept.commit();
      kept.setAutoCommit(true);
      try (var single = kept.createStatement()) {
        single.execute("PRAGMA journal_mode = DELETE");
      }
    } catch (SQLException e) {
      throw Sqlite.failed(e);
    }
  }

  /** Takes some documents with their ranks. */
  public interface RankSink {
    void accept(List<String> ids, double[] ranks) throws IOException, InterruptedException;
  }

  /**
   * Gives the ranks of a partition's documents, some at a time; those on no host have none at that
   * level.
   *
   * @return how many documents have one
   */
  public long read(int partition, Level level, double[] ranks, RankSink sink)
      throws IOException, InterruptedException {
    var column = level == Level.DOCUMENT ? "node" : "host";
    long total = 0;
    try (var select =
        connection.prepareStatement(
            "SELECT id, "
                + column
                + " FROM documents WHERE partition = ? AND "
                + column
                + " IS NOT NULL ORDER BY node")) {
      select.setInt(1, partition);
      try (var rows = select.executeQuery()) {
        var ids = new ArrayList<String>(BATCH);
        var values = new double[BATCH];
        while (rows.next()) {
          values[ids.size()] = ranks[rows.getInt(2)];
          ids.add(Objects.requireNonNull(rows.getString(1)));
          total++;
          if (ids.size() == BATCH) {
            sink.accept(List.copyOf(ids), values.clone());
            ids.clear();
          }
        }
        if (!ids.isEmpty()) {
          sink.accept(List.copyOf(ids), Arrays.copyOf(values, ids.size()));
        }
      }
    } catch (SQLException e) {
      throw Sqlite.failed(e);
    }
    return total;
  }

  /** Partitions that were read. */
  public Collection<Integer> partitions() throws IOException {
    return commits().keySet().stream().map(Integer::valueOf).sorted().toList();
  }

  private long number(String sql) throws IOException {
    try {
      return count(sql);
    } catch (SQLException e) {
      throw Sqlite.failed(e);
    }
  }

  private long count(String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw Sqlite.failed(e);
    }
  }
}
