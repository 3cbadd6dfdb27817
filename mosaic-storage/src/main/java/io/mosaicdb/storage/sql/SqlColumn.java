package io.mosaicdb.storage.sql;

/**
 * A column of a table that statements read.
 *
 * @param type SQLite's: TEXT, INTEGER, REAL
 */
record SqlColumn(String name, String type) {
  /** For use inside a statement. */
  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  String quoted() {
    return quoted(name);
  }
}
