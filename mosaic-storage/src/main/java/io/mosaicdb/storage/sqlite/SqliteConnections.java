package io.mosaicdb.storage.sqlite;

import io.mosaicdb.sqlitevec.SqliteVecLibrary;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteOpenMode;

/** Opens SQLite files, each with the settings its purpose needs. Callers close what they open. */
public final class SqliteConnections {
  private static final int PAGE_BYTES = 4096;
  private static final int BUSY_TIMEOUT_MILLIS = 5_000;

  private SqliteConnections() {}

  /**
   * A file whose commits survive power loss: WAL, {@code synchronous=FULL}. Created if missing; its
   * folder must exist.
   */
  public static Connection openWriter(Path file) throws SQLException {
    var config = durable();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    return open(url(file, ""), config);
  }

  /**
   * Reads a file that a writer of this or another process may have open. The file must exist. What
   * a killed writer left in the WAL is recovered, nothing else is ever written.
   */
  public static Connection openReader(Path file) throws SQLException {
    var config = durable();
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    var connection = open(url(file, ""), config);
    execute(connection, "PRAGMA query_only = 1");
    return connection;
  }

  /**
   * Reads what is left of a damaged file, even one shorter than its header says. Nothing is checked
   * on the way: the caller believes no row without a checksum of its own.
   */
  public static Connection openDamaged(Path file) throws SQLException {
    var config = new SQLiteConfig();
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    var connection = open(url(file, ""), config);
    // Before anything reads the header: with this flag SQLite accepts a file that is too short.
    execute(connection, "PRAGMA writable_schema = 1");
    execute(connection, "PRAGMA query_only = 1");
    return connection;
  }

  /**
   * An empty file that becomes a shard: no journal and no fsync, since an unfinished shard is
   * thrown away; sqlite-vec loaded. The caller fsyncs the finished file; activating a generation
   * does it too.
   */
  public static Connection openShardBuilder(Path file) throws SQLException {
    var config = new SQLiteConfig();
    config.setPageSize(PAGE_BYTES);
    config.setJournalMode(SQLiteConfig.JournalMode.OFF);
    config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
    config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setCacheSize(-65_536);
    config.setGetGeneratedKeys(false);
    return withSqliteVec(open(url(file, ""), config));
  }

  /** One connection to a sealed file that nobody writes any more; sqlite-vec loaded. */
  static Connection openImmutable(Path file, ReadOnlySettings settings) throws SQLException {
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setCacheSize((int) -Math.max(1, settings.cacheBytes() / 1024));
    config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, Long.toString(settings.mmapBytes()));
    return withSqliteVec(open(url(file, "?immutable=1"), config));
  }

  /** The settings in force on a connection, by pragma name, as SQLite itself reports them. */
  public static Map<String, String> pragmas(Connection connection) throws SQLException {
    var values = new LinkedHashMap<String, String>();
    for (var name :
        new String[] {
          "application_id",
          "user_version",
          "encoding",
          "page_size",
          "page_count",
          "journal_mode",
          "synchronous",
          "locking_mode",
          "mmap_size",
          "cache_size",
          "temp_store",
          "query_only"
        }) {
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery("PRAGMA " + name)) {
        if (rows.next()) {
          values.put(name, rows.getString(1));
        }
      }
    }
    return values;
  }

  private static SQLiteConfig durable() {
    var config = new SQLiteConfig();
    config.setPageSize(PAGE_BYTES);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setGetGeneratedKeys(false);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    return config;
  }

  private static Connection open(String url, SQLiteConfig config) throws SQLException {
    Properties properties = config.toProperties();
    return JDBC.createConnection(url, properties);
  }

  /** A {@code file:} URL, so that a path may hold every character, a question mark included. */
  private static String url(Path file, String query) {
    return JDBC.PREFIX + "file:" + file.toAbsolutePath().normalize().toUri().getRawPath() + query;
  }

  private static Connection withSqliteVec(Connection connection) throws SQLException {
    try {
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
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
