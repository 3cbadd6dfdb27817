package io.mosaicdb.storage.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/**
 * Has SQLite compile a statement against three empty tables, and reads the program.
 *
 * <p>The tables have no constraints and no indexes, so the program reads every column by a {@code
 * Column} instruction on the table itself, and nothing is optimized away that could matter on real
 * rows.
 */
final class StatementCheck {
  private static final int MOST_JOINED = 16;
  private static final int MOST_COLUMNS = 1_000;
  private static final int MOST_INSTRUCTIONS = 50_000;
  private static final int MOST_PATTERNS = 64;
  private static final int LEAST_VALUE = 1 << 20;
  private static final int GREATEST_VALUE = 32 << 20;
  private static final Set<String> TABLE_FUNCTIONS = Set.of("json_each", "json_tree");
  private static final Set<String> CALLS =
      Set.of("Function", "PureFunc", "AggStep", "AggStep1", "AggInverse", "AggValue", "AggFinal");

  /** Instructions that change something which outlives the statement. */
  private static final Set<String> WRITES =
      Set.of(
          """
          AutoCommit Checkpoint Clear CreateBtree Destroy DropIndex DropTable DropTrigger Expire
          IncrVacuum JournalMode LoadAnalysis MaxPgcnt OpenWrite ParseSchema Savepoint SetCookie
          SqlExec VBegin VCreate VDestroy VRename VUpdate Vacuum
          """
              .strip()
              .split("\\s+"));

  private final DocumentColumns columns;
  private final long memoryBytes;

  StatementCheck(DocumentColumns columns, long memoryBytes) {
    this.columns = columns;
    this.memoryBytes = memoryBytes;
  }

  /**
   * @throws SqlException if the statement does not compile, or may not run here
   */
  CheckedStatement check(SqlQuestion question, RunawayGuard guard) {
    var matches = WordMatches.in(SqlStatement.parse(question.sql()), question.parameters());
    var narrowing = Narrowing.of(matches, question.parameters(), columns);
    try (var connection = SqlConnections.openEmpty()) {
      limit(connection);
      for (String table :
          List.of(DocumentColumns.DOCUMENTS, DocumentColumns.PASSAGES, DocumentColumns.LINKS)) {
        create(connection, table);
      }
      for (int i = 1; i <= matches.words().size(); i++) {
        SqlConnections.execute(
            connection, "CREATE TEMP TABLE " + WordMatches.TABLE + i + "(id TEXT)");
      }
      var known = modules(connection);
      return guard.watching(connection, () -> read(connection, matches, narrowing, known));
    } catch (SQLException e) {
      throw SqlErrors.of(e, guard);
    }
  }

  private void create(Connection connection, String table) throws SQLException {
    var definition = new StringBuilder("CREATE TEMP TABLE ").append(table).append('(');
    var separator = "";
    for (SqlColumn column : columns.of(table)) {
      definition.append(separator).append(column.quoted()).append(' ').append(column.type());
      separator = ", ";
    }
    SqlConnections.execute(connection, definition.append(')').toString());
  }

  /** Bounds of what a user may write; they hold for {@code connection} only. */
  private static void limit(Connection connection) throws SQLException {
    var limits = connection.unwrap(SQLiteConnection.class);
    limits.setLimit(SQLiteLimits.SQLITE_LIMIT_EXPR_DEPTH, 100);
    limits.setLimit(SQLiteLimits.SQLITE_LIMIT_COLUMN, MOST_COLUMNS);
    limits.setLimit(SQLiteLimits.SQLITE_LIMIT_COMPOUND_SELECT, 100);
    limits.setLimit(SQLiteLimits.SQLITE_LIMIT_VDBE_OP, MOST_INSTRUCTIONS);
    limits.setLimit(SQLiteLimits.SQLITE_LIMIT_VARIABLE_NUMBER, SnapshotSql.MOST_PARAMETERS);
    limits.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, LEAST_VALUE);
  }

  private CheckedStatement read(
      Connection connection, WordMatches matches, Narrowing narrowing, Set<String> knownModules)
      throws SQLException {
    var sql = matches.statement().text();
    int parameters;
    var names = new ArrayList<String>();
    try (var prepared = connection.prepareStatement(sql)) {
      parameters = prepared.getParameterMetaData().getParameterCount();
      var metadata = prepared.getMetaData();
      for (int i = 1; i <= metadata.getColumnCount(); i++) {
        names.add(metadata.getColumnLabel(i));
      }
    }
    if (names.isEmpty()) {
      throw SqlException.statement("the statement asks for no columns");
    }
    var program = new Program(tablesByRoot(connection));
    try (var explain = connection.prepareStatement("EXPLAIN " + sql);
        var rows = explain.executeQuery()) {
      while (rows.next()) {
        program.add(rows);
      }
    }
    for (String module : modules(connection)) {
      if (!knownModules.contains(module) && !TABLE_FUNCTIONS.contains(module)) {
        throw SqlException.statement("there is no table " + module + " here");
      }
    }
    program.requireBounds();
    return new CheckedStatement(
        matches,
        // Conditions on documents say nothing of rows of other tables.
        program.reads.keySet().equals(Set.of(DocumentColumns.DOCUMENTS))
            ? narrowing
            : Narrowing.NONE,
        names,
        parameters,
        program.reads,
        program.functions,
        program.largestValue());
  }

  private static Map<Integer, String> tablesByRoot(Connection connection) throws SQLException {
    var tables = new HashMap<Integer, String>();
    try (var select = connection.prepareStatement("SELECT rootpage, name FROM sqlite_temp_schema");
        var rows = select.executeQuery()) {
      while (rows.next()) {
        tables.put(rows.getInt(1), rows.getString(2));
      }
    }
    return tables;
  }

  /** Modules of virtual tables; SQLite adds those of some built-in tables when they are named. */
  private static Set<String> modules(Connection connection) throws SQLException {
    var modules = new HashSet<String>();
    try (var select = connection.prepareStatement("PRAGMA module_list");
        var rows = select.executeQuery()) {
      while (rows.next()) {
        modules.add(rows.getString(1));
      }
    }
    return modules;
  }

  /** The function that an instruction of EXPLAIN calls, null if none. */
  static @Nullable String calledFunction(String instruction, ResultSet row, int p4)
      throws SQLException {
    if (!CALLS.contains(instruction)) {
      return null;
    }
    // Such as substr(3).
    var operand = String.valueOf(row.getString(p4));
    int parenthesis = operand.lastIndexOf('(');
    var name = parenthesis < 0 ? operand : operand.substring(0, parenthesis);
    return name.toLowerCase(Locale.ROOT);
  }

  private final class Program {
    private static final int TEMP = 1;
    private static final int P4 = 6;

    private final Map<Integer, String> tables;
    private final Map<Integer, String> cursors = new HashMap<>();
    private final Map<String, Set<String>> reads = new HashMap<>();
    private final Set<String> functions = new HashSet<>();
    private int joined;
    private int patterns;
    private int large;

    Program(Map<Integer, String> tables) {
      this.tables = tables;
    }

    void add(ResultSet row) throws SQLException {
      var instruction = row.getString("opcode");
      int p1 = row.getInt("p1");
      int p2 = row.getInt("p2");
      if (WRITES.contains(instruction) || (instruction.equals("Transaction") && p2 != 0)) {
        throw SqlException.statement("only what reads is answered");
      }
      switch (instruction) {
        case "OpenRead" -> open(p1, p2, row.getInt("p3"));
        case "Column" -> readColumn(p1, p2);
        case "RowData" -> readAll(p1);
        case "Concat" -> large++;
        default -> {
          var function = calledFunction(instruction, row, P4);
          if (function != null) {
            call(function);
          }
        }
      }
    }

    private void open(int cursor, int root, int database) {
      var table = database == TEMP ? tables.get(root) : null;
      if (table == null) {
        throw SqlException.statement(
            "the tables here are documents, passages and links; the schema is not one");
      }
      joined++;
      if (!table.startsWith(WordMatches.TABLE)) {
        cursors.put(cursor, table);
        reads.computeIfAbsent(table, _ -> new HashSet<>());
      }
    }

    private void readColumn(int cursor, int number) {
      var table = cursors.get(cursor);
      if (table == null) {
        return;
      }
      var column = columns.of(table).get(number);
      reads.computeIfAbsent(table, _ -> new HashSet<>()).add(column.name());
      if (column.type().equals("TEXT")) {
        large++;
      }
    }

    private void readAll(int cursor) {
      var table = cursors.get(cursor);
      if (table != null) {
        for (int i = 0; i < columns.of(table).size(); i++) {
          readColumn(cursor, i);
        }
      }
    }

    private void call(String function) {
      if (!SqlFunctions.allows(function)) {
        throw SqlException.statement("the function " + function + " is not available here");
      }
      functions.add(function);
      if (SqlFunctions.mayBeLarge(function)) {
        large++;
      }
      if (function.equals("like") || function.equals("glob")) {
        patterns++;
      }
    }

    void requireBounds() {
      if (joined > MOST_JOINED) {
        throw new SqlException(
            SqlException.Reason.TOO_LARGE,
            "a statement may name tables " + MOST_JOINED + " times, this does " + joined);
      }
      if (patterns > MOST_PATTERNS) {
        throw new SqlException(
            SqlException.Reason.TOO_LARGE,
            "a statement may have " + MOST_PATTERNS + " LIKE and GLOB, this has " + patterns);
      }
    }

    int largestValue() {
      return Math.clamp(memoryBytes / Math.max(1, large), LEAST_VALUE, GREATEST_VALUE);
    }
  }
}
