package io.mosaicdb.storage.sql;

import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.search.SegmentView;
import io.mosaicdb.storage.shard.SealedShard;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/** One connection on which one checked statement runs. Not thread-safe. */
final class SqlSession implements AutoCloseable {
  private static final int ATTACHED_CACHE_KIB = 65_536;
  private static final int ORDINALS_AT_ONCE = 50_000;

  private final CheckedStatement statement;
  private final DocumentColumns columns;
  private final RunawayGuard guard;
  private final Connection connection;
  private final CopiedRows copied;

  /** For each table the arms of its view. */
  private final Map<String, List<String>> arms = new TreeMap<>();

  private final List<Attached> attached = new ArrayList<>();
  private final SegmentMatches words;
  private int schemas;
  private int pruned;

  private record Attached(String schema, Segment segment) {}

  /** A segment of a partition's snapshot. */
  record Segment(int partition, SegmentView view) {
    boolean isSealed() {
      return view.segment() instanceof SealedShard;
    }

    String name() {
      return view.segment().shardId().orElse("unsealed");
    }
  }

  /** A segment that cannot be read, found while the statement ran. */
  static final class UnreadableSegmentException extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Segment segment;

    UnreadableSegmentException(Segment segment, String reason) {
      super(reason);
      this.segment = segment;
    }

    Segment segment() {
      return segment;
    }
  }

  /**
   * @param target a file that gets what is copied, which is then everything; null to copy as little
   *     as possible to a temporary place
   */
  SqlSession(
      CheckedStatement statement,
      Schema schema,
      DocumentColumns columns,
      RunawayGuard guard,
      @Nullable Path target)
      throws SQLException {
    this.statement = statement;
    this.columns = columns;
    this.guard = guard;
    this.connection = SqlConnections.openEmpty();
    try {
      SafeFunctions.register(connection, statement.functions());
      if (target != null) {
        SqlConnections.execute(
            connection, "ATTACH " + SqlConnections.text(target.toString()) + " AS extract");
        SqlConnections.execute(connection, "PRAGMA extract.journal_mode = OFF");
        SqlConnections.execute(connection, "PRAGMA extract.synchronous = OFF");
      }
      var place = target == null ? "temp" : "extract";
      copied = new CopiedRows(connection, place, statement, columns);
      words = new SegmentMatches(connection, place, statement.matches().words(), schema);
      statement.reads().keySet().forEach(table -> arms.put(table, new ArrayList<>()));
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Takes in segments: up to {@code inPlace} shards are read where they are. */
  void add(List<Segment> segments, int inPlace) throws UnreadableSegmentException {
    var sealed = new ArrayList<Segment>();
    words.find(segments, guard);
    try {
      for (Segment segment : segments) {
        if (!segment.isSealed()) {
          var wanted = wanted(segment);
          guard.watching(
              connection,
              () -> {
                copied.copy(wanted, segment.view(), segment.partition(), guard);
                return true;
              });
        } else if (mayHoldRows(segment)) {
          sealed.add(segment);
        } else {
          pruned++;
        }
      }
    } catch (SQLException e) {
      throw SqlErrors.of(e, guard);
    }
    // The large ones stay in place.
    sealed.sort((a, b) ->
        Integer.compare(b.view().segment().documentCount(), a.view().segment().documentCount()));
    for (int i = 0; i < sealed.size(); i++) {
      guard.requireTime();
      add(sealed.get(i), i < inPlace, Math.min(sealed.size(), Math.max(1, inPlace)));
    }
  }

  /** How many shards hold no row that the statement could use. */
  int pruned() {
    return pruned;
  }

  /** False if the shard holds no document that meets what the statement demands. */
  private boolean mayHoldRows(Segment segment) {
    for (Narrowing.Condition condition : statement.narrowing().conditions()) {
      boolean may =
          switch (condition) {
            case Narrowing.Condition.HasId has -> {
              int newest = segment.view().segment().find(has.id());
              yield newest >= 0 && segment.view().isLive(newest);
            }
            case Narrowing.Condition.HasWords has -> words.has(segment, has.number());
            // Its index is asked once it is attached.
            case Narrowing.Condition.HasValue _ -> true;
          };
      if (!may) {
        return false;
      }
    }
    return true;
  }

  /** The live documents of a segment in memory that the statement could use. */
  private List<Integer> wanted(Segment segment) {
    var view = segment.view();
    var wanted = new ArrayList<Integer>();
    for (int i = 0; i < view.segment().documentCount(); i++) {
      if (view.isLive(i) && meets(segment, i)) {
        wanted.add(i);
      }
    }
    return wanted;
  }

  private boolean meets(Segment segment, int document) {
    for (Narrowing.Condition condition : statement.narrowing().conditions()) {
      boolean meets =
          switch (condition) {
            case Narrowing.Condition.HasId has ->
                segment.view().segment().id(document).equals(has.id());
            case Narrowing.Condition.HasWords has -> words.has(segment, has.number(), document);
            case Narrowing.Condition.HasValue _ -> true;
          };
      if (!meets) {
        return false;
      }
    }
    return true;
  }

  /** Asks the shard's indexes whether any document, dead or alive, has the values demanded. */
  private boolean hasValues(ShardArms shard) throws SQLException {
    for (Narrowing.Condition condition : statement.narrowing().conditions()) {
      if (condition instanceof Narrowing.Condition.HasValue has
          && shard.attributes().contains(has.column().toLowerCase(Locale.ROOT))) {
        var sql =
            "SELECT 1 FROM %s.attributes WHERE %s = ? LIMIT 1"
                .formatted(shard.schema(), SqlColumn.quoted(has.column()));
        try (var probe = connection.prepareStatement(sql)) {
          bind(probe, 1, has.value());
          try (var rows = probe.executeQuery()) {
            if (!rows.next()) {
              return false;
            }
          }
        }
      }
    }
    return true;
  }

  private void add(Segment segment, boolean inPlace, int together)
      throws UnreadableSegmentException {
    var schema = "shard" + schemas++;
    try {
      var shard = attach(segment, schema, together);
      if (!hasValues(shard)) {
        pruned++;
        detach(schema);
      } else if (inPlace) {
        arms.forEach((table, list) -> list.add(shard.arm(table, read(table))));
        attached.add(new Attached(schema, segment));
      } else {
        guard.watching(
            connection,
            () -> {
              copied.copy(shard);
              return true;
            });
        detach(schema);
      }
    } catch (SQLException e) {
      var failure = SqlErrors.of(e, guard);
      if (failure.reason() == SqlException.Reason.UNREADABLE) {
        throw new UnreadableSegmentException(segment, String.valueOf(failure.getMessage()));
      }
      throw failure;
    }
  }

  private ShardArms attach(Segment segment, String schema, int together) throws SQLException {
    var file = ((SealedShard) segment.view().segment()).file();
    SqlConnections.execute(
        connection,
        "ATTACH "
            + SqlConnections.text(
                "file:"
                    + file.toAbsolutePath().normalize().toUri().getRawPath()
                    + "?mode=ro&immutable=1")
            + " AS "
            + schema);
    SqlConnections.execute(
        connection,
        "PRAGMA %s.cache_size = -%d"
            .formatted(schema, Math.max(256, ATTACHED_CACHE_KIB / together)));
    return new ShardArms(
        schema,
        segment.name(),
        segment.partition(),
        attributeColumns(schema),
        deadOrdinals(segment.view(), schema),
        columns);
  }

  private void detach(String schema) throws SQLException {
    SqlConnections.execute(connection, "DETACH " + schema);
  }

  private Set<String> attributeColumns(String schema) throws SQLException {
    var names = new HashSet<String>();
    try (var select =
        connection.prepareStatement("SELECT name FROM pragma_table_info('attributes', ?)")) {
      select.setString(1, schema);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1).toLowerCase(Locale.ROOT));
        }
      }
    }
    return names;
  }

  /** Fills a table with the ordinals that the snapshot does not hold; null if it holds all. */
  private @Nullable String deadOrdinals(SegmentView view, String schema) throws SQLException {
    var live = view.live();
    if (live == null) {
      return null;
    }
    var table = "temp.dead_" + schema;
    SqlConnections.execute(connection, "CREATE TABLE " + table + "(ordinal INTEGER PRIMARY KEY)");
    try (var insert =
        connection.prepareStatement("INSERT INTO " + table + " SELECT value FROM json_each(?)")) {
      var ordinals = new StringBuilder();
      int some = 0;
      for (int i = 0; i < view.segment().documentCount(); i++) {
        if (!live.contains(i)) {
          ordinals.append(ordinals.isEmpty() ? '[' : ',').append(i);
          some++;
        }
        boolean last = i == view.segment().documentCount() - 1;
        if (some == ORDINALS_AT_ONCE || (last && some > 0)) {
          insert.setString(1, ordinals.append(']').toString());
          insert.executeUpdate();
          ordinals.setLength(0);
          some = 0;
        }
      }
    }
    return table;
  }

  /** Takes in what {@link SnapshotSql#extract} of another worker wrote. */
  void add(Path extract) throws SQLException {
    var schema = "extract" + schemas++;
    SqlConnections.execute(
        connection,
        "ATTACH "
            + SqlConnections.text(
                "file:" + extract.toAbsolutePath().toUri().getRawPath() + "?mode=ro&immutable=1")
            + " AS "
            + schema);
    words.add(schema);
    arms.forEach(
        (table, list) -> list.add(CopiedRows.arm(schema, table, columns.of(table), read(table))));
  }

  private Set<String> read(String table) {
    return statement.reads().getOrDefault(table, Set.of());
  }

  /** Creates the views and runs the statement. */
  SqlAnswer run(List<@Nullable Object> parameters, SqlLimits limits, SqlCoverage coverage)
      throws UnreadableSegmentException {
    try {
      for (String table :
          List.of(DocumentColumns.DOCUMENTS, DocumentColumns.PASSAGES, DocumentColumns.LINKS)) {
        SqlConnections.execute(
            connection, "CREATE TEMP VIEW " + table + " AS " + definition(table));
      }
      restrict();
      return guard.watching(connection, () -> answer(parameters, limits, coverage));
    } catch (SQLException e) {
      var failure = SqlErrors.of(e, guard);
      if (failure.reason() == SqlException.Reason.UNREADABLE) {
        throw findUnreadable(failure);
      }
      throw failure;
    }
  }

  private String definition(String table) {
    var parts = arms.get(table);
    if (parts == null) {
      return ShardArms.empty(columns.of(table));
    }
    parts.add(CopiedRows.arm("temp", table, columns.of(table), read(table)));
    return String.join(" UNION ALL ", parts);
  }

  /** From here on the connection reads, and only so much at a time. */
  private void restrict() throws SQLException {
    SqlConnections.execute(connection, "PRAGMA query_only = 1");
    SqlConnections.execute(connection, "PRAGMA trusted_schema = 1");
    var limits = connection.unwrap(SQLiteConnection.class);
    limits.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, statement.largestValue());
    limits.setLimit(SQLiteLimits.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, SnapshotSql.MOST_PATTERN_BYTES);
    limits.setLimit(SQLiteLimits.SQLITE_LIMIT_VARIABLE_NUMBER, SnapshotSql.MOST_PARAMETERS);
    limits.setLimit(SQLiteLimits.SQLITE_LIMIT_VDBE_OP, 2_000_000);
    limits.setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
  }

  private SqlAnswer answer(
      List<@Nullable Object> parameters, SqlLimits limits, SqlCoverage coverage)
      throws SQLException {
    requireAllowedCalls();
    try (var prepared = connection.prepareStatement(statement.sql())) {
      for (int i = 0; i < parameters.size(); i++) {
        bind(prepared, i + 1, parameters.get(i));
      }
      var rows = new ArrayList<List<@Nullable Object>>();
      boolean truncated = false;
      long bytes = 0;
      try (var result = prepared.executeQuery()) {
        while (result.next()) {
          if (rows.size() == limits.rows()) {
            truncated = true;
            break;
          }
          var row = new ArrayList<@Nullable Object>(statement.columns().size());
          for (int i = 1; i <= statement.columns().size() && bytes <= limits.resultBytes(); i++) {
            var value = value(result, i);
            bytes += sizeOf(value);
            row.add(value);
          }
          if (bytes > limits.resultBytes()) {
            truncated = true;
            break;
          }
          rows.add(row);
        }
      }
      if (rows.isEmpty() && bytes > limits.resultBytes()) {
        throw new SqlException(
            SqlException.Reason.TOO_LARGE,
            "the first row alone is larger than the %d bytes that an answer may have"
                .formatted(limits.resultBytes()));
      }
      return new SqlAnswer(statement.columns(), rows, truncated, coverage);
    }
  }

  /**
   * The program over real tables is another than the one that was checked: what it calls is checked
   * too.
   */
  private void requireAllowedCalls() throws SQLException {
    try (var explain = connection.prepareStatement("EXPLAIN " + statement.sql());
        var rows = explain.executeQuery()) {
      while (rows.next()) {
        var function = StatementCheck.calledFunction(rows.getString(2), rows, 6);
        if (function != null && !SqlFunctions.allows(function) && !SafeFunctions.isOurs(function)) {
          throw SqlException.statement("the function " + function + " is not available here");
        }
      }
    }
  }

  private static void bind(PreparedStatement prepared, int index, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> prepared.setNull(index, Types.NULL);
      case Boolean flag -> prepared.setLong(index, flag ? 1 : 0);
      case Integer number -> prepared.setLong(index, number);
      case Long number -> prepared.setLong(index, number);
      case Double number -> prepared.setDouble(index, number);
      case String text -> prepared.setString(index, text);
      default -> throw new IllegalArgumentException("cannot bind " + value.getClass());
    }
  }

  private static @Nullable Object value(ResultSet result, int column) throws SQLException {
    var value = result.getObject(column);
    return value instanceof Integer number ? Long.valueOf(number) : value;
  }

  private static long sizeOf(@Nullable Object value) {
    return switch (value) {
      case String text -> 2L * text.length() + 8;
      case byte[] bytes -> bytes.length + 8L;
      case null, default -> 8;
    };
  }

  /** Asks each shard in place whether it is whole, since the failure names none. */
  private UnreadableSegmentException findUnreadable(SqlException failure) {
    for (Attached each : attached) {
      guard.requireTime();
      var problem = problem(each.schema());
      if (problem != null) {
        return new UnreadableSegmentException(each.segment(), problem);
      }
    }
    throw failure;
  }

  private @Nullable String problem(String schema) {
    for (String table : List.of("documents", "attributes", "passages", "links")) {
      try (var check =
              connection.prepareStatement("PRAGMA " + schema + ".integrity_check(" + table + ")");
          var rows = check.executeQuery()) {
        if (rows.next() && !rows.getString(1).equals("ok")) {
          return rows.getString(1);
        }
      } catch (SQLException e) {
        return SqlErrors.of(e, guard).getMessage();
      }
    }
    return null;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot close a connection", e);
    }
  }
}
