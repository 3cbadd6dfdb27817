package io.mosaicdb.storage.sql;

import io.mosaicdb.storage.sql.SqlException.Reason;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's failures mean for the user. */
final class SqlErrors {
  private SqlErrors() {}

  static SqlException of(SQLException e, RunawayGuard guard) {
    var message = message(e);
    if (!(e instanceof SQLiteException known)) {
      return new SqlException(Reason.STATEMENT, message, e);
    }
    // Extended codes carry the primary one in their low byte.
    int code = known.getResultCode().code & 0xff;
    if (code == SQLiteErrorCode.SQLITE_INTERRUPT.code) {
      return guard.failure();
    }
    if (code == SQLiteErrorCode.SQLITE_TOOBIG.code) {
      return new SqlException(
          Reason.TOO_LARGE, "a value grows larger than one may be in this statement", e);
    }
    if (code == SQLiteErrorCode.SQLITE_NOMEM.code) {
      return new SqlException(
          Reason.TOO_LARGE, "the statement needs more memory than one may take", e);
    }
    if (code == SQLiteErrorCode.SQLITE_FULL.code) {
      return new SqlException(Reason.TOO_LARGE, "the temporary folder is full", e);
    }
    if (isDamage(code)) {
      return new SqlException(Reason.UNREADABLE, message, e);
    }
    return new SqlException(Reason.STATEMENT, message, e);
  }

  private static boolean isDamage(int code) {
    return code == SQLiteErrorCode.SQLITE_CORRUPT.code
        || code == SQLiteErrorCode.SQLITE_NOTADB.code
        || code == SQLiteErrorCode.SQLITE_IOERR.code
        || code == SQLiteErrorCode.SQLITE_CANTOPEN.code;
  }

  /** SQLite's own words, which the driver puts into parentheses behind the code's. */
  private static String message(SQLException e) {
    var message = String.valueOf(e.getMessage());
    int from = message.indexOf(" (");
    return from >= 0 && message.startsWith("[SQLITE_") && message.endsWith(")")
        ? message.substring(from + 2, message.length() - 1)
        : message;
  }
}
