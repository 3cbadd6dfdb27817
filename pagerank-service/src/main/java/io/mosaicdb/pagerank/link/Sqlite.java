package io.mosaicdb.pagerank.link;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Opens the SQLite files of this service. */
public final class Sqlite {
  private Sqlite() {}

  /** The address of a file that several connections write to, one at a time. */
  public static String url(Path file) {
    return "jdbc:sqlite:file:"
        + file.toAbsolutePath().normalize().toUri().getRawPath()
        + "?journal_mode=WAL&busy_timeout=10000&transaction_mode=IMMEDIATE&synchronous=NORMAL";
  }

  /** A file that one connection writes to; what is lost by a crash can be had again. */
  static Connection open(Path file) throws SQLException {
    return DriverManager.getConnection(url(file) + "&cache_size=-65536");
  }

  static IOException failed(SQLException e) {
    return new IOException(String.valueOf(e.getMessage()), e);
  }
}
