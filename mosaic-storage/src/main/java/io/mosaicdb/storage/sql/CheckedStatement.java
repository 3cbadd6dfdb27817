package io.mosaicdb.storage.sql;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A statement that may run.
 *
 * @param columns the names of the result's columns
 * @param parameters how many it takes
 * @param reads the columns that it reads, by table; a table that it does not read is absent
 * @param functions that it calls, in lower case
 * @param matches its calls of {@code matches()}
 * @param narrowing what every document must meet that it can use
 * @param largestValue bytes that one string or BLOB may have while it runs, so that all that it
 *     holds at once stays within its memory
 */
record CheckedStatement(
    WordMatches matches,
    Narrowing narrowing,
    List<String> columns,
    int parameters,
    Map<String, Set<String>> reads,
    Set<String> functions,
    int largestValue) {
  CheckedStatement {
    columns = List.copyOf(columns);
    reads = Map.copyOf(reads);
    functions = Set.copyOf(functions);
  }

  String sql() {
    return matches.statement().text();
  }

  boolean reads(String table, String column) {
    return reads.getOrDefault(table, Set.of()).contains(column);
  }
}
