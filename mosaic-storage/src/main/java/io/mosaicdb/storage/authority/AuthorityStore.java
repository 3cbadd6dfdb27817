package io.mosaicdb.storage.authority;

import io.mosaicdb.storage.generation.DurableFiles;
import io.mosaicdb.storage.sqlite.SqliteConnections;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The authority files of one partition; see the package and {@code docs/shard-format.md}. {@link
 * #current} may be called by any thread at any time; what writes is one at a time, and calls
 * SQLite: for platform threads.
 */
public final class AuthorityStore {
  static final int APPLICATION_ID = 0x4D534341;
  static final int VERSION = 1;
  private static final String POINTER = "CURRENT";
  private static final String DRAFT = "draft-";

  private final Path folder;
  private final DurableFiles files;
  private volatile @Nullable AuthorityRanks current;
  private volatile String problem = "";

  private AuthorityStore(Path folder, DurableFiles files) {
    this.folder = folder;
    this.files = files;
  }

  /**
   * Reads the ranks that are in force; the folder need not exist. Damaged ones are a {@link
   * #problem} and not used.
   */
  public static AuthorityStore open(Path folder) {
    return open(folder, DurableFiles.onDisk());
  }

  static AuthorityStore open(Path folder, DurableFiles files) {
    var store = new AuthorityStore(folder, files);
    try {
      store.current = store.load();
    } catch (IOException | SQLException e) {
      store.problem = "authority: " + e.getMessage() + "; compute the ranks again";
    }
    return store;
  }

  /** The ranks in force; empty before any were published. */
  public Optional<AuthorityRanks> current() {
    return Optional.ofNullable(current);
  }

  /** Why ranks that were published are not used; empty if all is well. */
  public String problem() {
    return problem;
  }

  /**
   * Adds ranks to the draft of a run; what is there already is replaced, so that a batch whose
   * answer was lost may be sent again. Durable when this returns.
   *
   * @param run of letters, digits and hyphens
   */
  public synchronized void add(String run, List<String> ids, double[] ranks) throws IOException {
    if (ids.size() != ranks.length) {
      throw new IllegalArgumentException(
          ids.size() + " ids have " + ranks.length + " ranks, one each is needed");
    }
    for (double rank : ranks) {
      if (!(rank >= 0 && rank <= 1)) {
        throw new IllegalArgumentException("a rank must be between 0 and 1, got " + rank);
      }
    }
    Files.createDirectories(folder);
    try (var connection = SqliteConnections.openWriter(draft(run))) {
      try (var statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE IF NOT EXISTS ranks (id TEXT PRIMARY KEY, rank REAL NOT NULL)"
                + " WITHOUT ROWID");
      }
      connection.setAutoCommit(false);
      try (var insert = connection.prepareStatement("INSERT OR REPLACE INTO ranks VALUES (?, ?)")) {
        for (int i = 0; i < ranks.length; i++) {
          insert.setString(1, ids.get(i));
          insert.setDouble(2, ranks[i]);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IOException("ranks cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Puts the ranks of the run in force. Published again it changes nothing.
   *
   * @throws IllegalStateException if the draft does not have as many ranks as described
   * @throws IOException if it cannot be written: the ranks before stay in force
   */
  public synchronized AuthorityRanks publish(AuthorityDescription description) throws IOException {
    var before = current;
    if (before != null && before.description().run().equals(description.run())) {
      return before;
    }
    Files.createDirectories(folder);
    if (description.documents() == 0 && !Files.exists(draft(description.run()))) {
      add(description.run(), List.of(), new double[0]);
    }
    var draft = draft(description.run());
    long number = nextNumber();
    try {
      complete(draft, description);
      var ranks = read(draft, number);
      files.fsync(draft);
      files.rename(draft, file(number));
      files.fsyncDirectory(folder);
      var pointer = folder.resolve(POINTER + ".new");
      files.write(pointer, Long.toString(number).getBytes(StandardCharsets.US_ASCII));
      files.fsync(pointer);
      files.rename(pointer, folder.resolve(POINTER));
      files.fsyncDirectory(folder);
      current = ranks;
      problem = "";
      clear(number);
      return ranks;
    } catch (SQLException e) {
      throw new IOException("ranks cannot be published: " + e.getMessage(), e);
    }
  }

  /** Removes the draft of a run that will not be published. */
  public synchronized void discard(String run) throws IOException {
    remove(draft(run));
  }

  private void complete(Path draft, AuthorityDescription description)
      throws SQLException, IOException {
    if (!Files.exists(draft)) {
      throw new IllegalStateException("no ranks of run " + description.run() + " were sent");
    }
    try (var connection = SqliteConnections.openWriter(draft);
        var statement = connection.createStatement()) {
      long rows = 0;
      try (var count = statement.executeQuery("SELECT count(*) FROM ranks")) {
        rows = count.next() ? count.getLong(1) : 0;
      }
      if (rows != description.documents()) {
        throw new IllegalStateException(
            "run %s has ranks of %d documents, %d were sent"
                .formatted(description.run(), description.documents(), rows));
      }
      var meta = new HashMap<String, String>();
      meta.put("run", description.run());
      meta.put("level", description.level());
      meta.put("nodes", Long.toString(description.nodes()));
      meta.put("documents", Long.toString(rows));
      meta.put("computed_at", description.computedAt().toString());
      meta.put("checksum", checksum(connection));
      statement.execute(
          "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)"
              + " WITHOUT ROWID");
      try (var insert = connection.prepareStatement("INSERT OR REPLACE INTO meta VALUES (?, ?)")) {
        for (var entry : meta.entrySet()) {
          insert.setString(1, entry.getKey());
          insert.setString(2, entry.getValue());
          insert.executeUpdate();
        }
      }
      statement.execute("PRAGMA application_id = " + APPLICATION_ID);
      statement.execute("PRAGMA user_version = " + VERSION);
      // One file, which anybody may open read-only.
      statement.execute("PRAGMA journal_mode = DELETE");
    }
  }

  private @Nullable AuthorityRanks load() throws IOException, SQLException {
    String pointer;
    try {
      pointer = Files.readString(folder.resolve(POINTER)).strip();
    } catch (NoSuchFileException _) {
      return null;
    }
    long number;
    try {
      number = Long.parseLong(pointer);
    } catch (NumberFormatException e) {
      throw new IOException("CURRENT names no file", e);
    }
    if (!Files.exists(file(number))) {
      throw new IOException(file(number).getFileName() + " is missing");
    }
    return read(file(number), number);
  }

  private static AuthorityRanks read(Path file, long number) throws IOException, SQLException {
    try (var connection = SqliteConnections.openReader(file);
        var statement = connection.createStatement()) {
      requireFormat(connection, file);
      var meta = new HashMap<String, String>();
      try (var rows = statement.executeQuery("SELECT key, value FROM meta")) {
        while (rows.next()) {
          meta.put(rows.getString(1), rows.getString(2));
        }
      }
      var description = describe(meta, file);
      var builder = new AuthorityRanks.Builder(number, description);
      var crc = new CRC32C();
      long documents = 0;
      try (var rows = statement.executeQuery("SELECT id, rank FROM ranks ORDER BY id")) {
        while (rows.next()) {
          var id = rows.getString(1);
          double rank = rows.getDouble(2);
          update(crc, id, rank);
          builder.add(id, rank);
          documents++;
        }
      }
      if (documents != description.documents()
          || !Long.toHexString(crc.getValue()).equals(meta.get("checksum"))) {
        throw new IOException(file.getFileName() + " is damaged: its checksum differs");
      }
      return builder.build();
    }
  }

  private static void requireFormat(Connection connection, Path file)
      throws SQLException, IOException {
    try (var statement = connection.createStatement()) {
      for (var entry :
          List.of(
              Map.entry("application_id", APPLICATION_ID), Map.entry("user_version", VERSION))) {
        try (var rows = statement.executeQuery("PRAGMA " + entry.getKey())) {
          if (!rows.next() || rows.getInt(1) != entry.getValue()) {
            throw new IOException(
                file.getFileName() + " is no authority file of version " + VERSION);
          }
        }
      }
    }
  }

  private static AuthorityDescription describe(Map<String, String> meta, Path file)
      throws IOException {
    try {
      return new AuthorityDescription(
          meta.getOrDefault("run", ""),
          meta.getOrDefault("level", ""),
          Long.parseLong(meta.getOrDefault("nodes", "")),
          Long.parseLong(meta.getOrDefault("documents", "")),
          Instant.parse(meta.getOrDefault("computed_at", "")));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(file.getFileName() + " is damaged: its description is not whole", e);
    }
  }

  private static String checksum(Connection connection) throws SQLException {
    var crc = new CRC32C();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT id, rank FROM ranks ORDER BY id")) {
      while (rows.next()) {
        update(crc, rows.getString(1), rows.getDouble(2));
      }
    }
    return Long.toHexString(crc.getValue());
  }

  private static void update(CRC32C crc, String id, double rank) {
    crc.update(id.getBytes(StandardCharsets.UTF_8));
    long bits = Double.doubleToLongBits(rank);
    for (int shift = 0; shift < 64; shift += 8) {
      crc.update((int) (bits >>> shift));
    }
  }

  private long nextNumber() throws IOException {
    long last = 0;
    try (var listed = Files.list(folder)) {
      for (Path file : listed.toList()) {
        var name = String.valueOf(file.getFileName());
        if (name.matches("[0-9]{1,18}\\.db")) {
          last = Math.max(last, Long.parseLong(name.substring(0, name.length() - 3)));
        }
      }
    }
    return last + 1;
  }

  /** What is not in force any more, drafts of runs that never ended included. */
  private void clear(long number) throws IOException {
    var old = new ArrayList<Path>();
    try (var listed = Files.list(folder)) {
      for (Path file : listed.toList()) {
        var name = String.valueOf(file.getFileName());
        if (name.startsWith(DRAFT) || (name.endsWith(".db") && !name.equals(number + ".db"))) {
          old.add(file);
        }
      }
    }
    for (Path file : old) {
      files.delete(file);
    }
  }

  private void remove(Path draft) throws IOException {
    files.delete(draft);
    files.delete(draft.resolveSibling(draft.getFileName() + "-wal"));
    files.delete(draft.resolveSibling(draft.getFileName() + "-shm"));
  }

  private Path draft(String run) {
    if (!run.matches("[A-Za-z0-9-]{1,100}")) {
      throw new IllegalArgumentException(
          "a run's name has 1 to 100 letters, digits and hyphens, got '" + run + "'");
    }
    return folder.resolve(DRAFT + run + ".db");
  }

  private Path file(long number) {
    return folder.resolve(number + ".db");
  }
}
