package io.mosaicdb.storage.sql;

import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/** Connections that statements run on: to an empty database in memory, extensions off. */
final class SqlConnections {
  private SqlConnections() {}

  static Connection openEmpty() throws SQLException {
    var config = new SQLiteConfig();
    config.setGetGeneratedKeys(false);
    // What sorts and groups may outgrow memory; the temporary folder has room, and a guard.
    config.setTempStore(SQLiteConfig.TempStore.FILE);
    // The driver's own bound is 10.
    config.setPragma(SQLiteConfig.Pragma.LIMIT_ATTACHED, "125");
    return JDBC.createConnection(JDBC.PREFIX + "file::memory:", config.toProperties());
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }
}
