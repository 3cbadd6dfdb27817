package io.mosaicdb.storage.sql;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Link;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.storage.document.DocumentJson;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.search.SegmentView;
import io.mosaicdb.storage.sql.DocumentColumns.DocumentColumn;
import io.mosaicdb.storage.sql.DocumentColumns.Origin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tables that hold the columns in question of rows that cannot be read in place: of what is not
 * sealed, and of shards beyond those that can be attached.
 */
final class CopiedRows {
  private static final int BATCH = 256;

  private final Connection connection;
  private final String schema;
  private final CheckedStatement statement;
  private final DocumentColumns columns;

  /** Creates the tables in {@code schema}, one for each table that the statement reads. */
  CopiedRows(
      Connection connection, String schema, CheckedStatement statement, DocumentColumns columns)
      throws SQLException {
    this.connection = connection;
    this.schema = schema;
    this.statement = statement;
    this.columns = columns;
    for (String table : statement.reads().keySet()) {
      var definition = new StringBuilder("CREATE TABLE ").append(name(table));
      definition.append("(_row INTEGER PRIMARY KEY");
      for (SqlColumn column : wanted(table)) {
        definition.append(", ").append(column.quoted()).append(' ').append(column.type());
      }
      SqlConnections.execute(connection, definition.append(')').toString());
    }
  }

  private String name(String table) {
    return schema + ".copied_" + table;
  }

  private List<SqlColumn> wanted(String table) {
    return columns.of(table).stream()
        .filter(column -> statement.reads(table, column.name()))
        .toList();
  }

  /** The part of the view of {@code table} that was copied into {@code schema}. */
  static String arm(String schema, String table, List<SqlColumn> columns, Set<String> read) {
    return columns.stream()
            .map(column ->
                (read.contains(column.name()) ? column.quoted() : "NULL")
                    + " AS "
                    + column.quoted())
            .collect(Collectors.joining(", ", "SELECT ", ""))
        + " FROM "
        + schema
        + ".copied_"
        + table;
  }

  /** Copies an attached shard. */
  void copy(ShardArms shard) throws SQLException {
    for (String table : statement.reads().keySet()) {
      var wanted = wanted(table);
      var names = wanted.stream().map(SqlColumn::quoted).collect(Collectors.joining(", "));
      var read = statement.reads().getOrDefault(table, Set.of());
      SqlConnections.execute(
          connection,
          wanted.isEmpty()
              ? "INSERT INTO %s(_row) SELECT NULL FROM (%s)"
                  .formatted(name(table), shard.arm(table, read))
              : "INSERT INTO %s(%s) SELECT %s FROM (%s)"
                  .formatted(name(table), names, names, shard.arm(table, read)));
    }
  }

  /** Copies documents of a segment in memory. */
  void copy(List<Integer> live, SegmentView view, int partition, RunawayGuard guard)
      throws SQLException {
    connection.setAutoCommit(false);
    for (int from = 0; from < live.size(); from += BATCH) {
      guard.requireTime();
      var ordinals =
          live.subList(from, Math.min(live.size(), from + BATCH)).stream()
              .mapToInt(Integer::intValue)
              .toArray();
      var batch = view.segment().load(ordinals, false);
      for (String table : statement.reads().keySet()) {
        insert(table, batch, partition);
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void insert(String table, List<DocumentVersion> batch, int partition)
      throws SQLException {
    var wanted = wanted(table);
    var sql = "INSERT INTO " + name(table) + " VALUES (NULL" + ", ?".repeat(wanted.size()) + ")";
    try (var insert = connection.prepareStatement(sql)) {
      for (DocumentVersion version : batch) {
        switch (table) {
          case DocumentColumns.DOCUMENTS -> insertDocument(insert, version, partition, wanted);
          case DocumentColumns.PASSAGES -> insertPassages(insert, version.document(), wanted);
          case DocumentColumns.LINKS -> insertLinks(insert, version.document(), wanted);
          default -> throw new IllegalArgumentException("no table " + table);
        }
      }
      insert.executeBatch();
    }
  }

  private void insertDocument(
      PreparedStatement insert, DocumentVersion version, int partition, List<SqlColumn> wanted)
      throws SQLException {
    for (int i = 0; i < wanted.size(); i++) {
      var column = columns.find(wanted.get(i).name());
      if (column == null) {
        throw new IllegalStateException("no column " + wanted.get(i).name());
      }
      insert.setObject(i + 1, value(column, version, partition));
    }
    insert.addBatch();
  }

  private static @Nullable Object value(
      DocumentColumn column, DocumentVersion version, int partition) {
    var document = version.document();
    return switch (column.origin()) {
      case Origin.Partition _ -> partition;
      case Origin.ShardId _ -> null;
      case Origin.Field field -> document.fields().get(field.name());
      case Origin.OfAttribute attribute ->
          value(document.attributes().get(attribute.name()), attribute.attribute().type());
      case Origin.Stored _ ->
          switch (column.column().name()) {
            case "id" -> document.id();
            case "commit_seq" -> version.version();
            case "url" -> document.url();
            case "title", "text" -> document.fields().get(column.column().name());
            case "fields" -> otherFields(document);
            case "attributes" -> DocumentJson.write(document.attributes());
            default -> throw new IllegalStateException("no column " + column.column().name());
          };
    };
  }

  private static @Nullable String otherFields(Document document) {
    var others = new TreeMap<>(document.fields());
    others.remove("title");
    others.remove("text");
    return others.isEmpty() ? null : DocumentJson.write(others);
  }

  private static @Nullable Object value(@Nullable Object stored, AttributeType type) {
    if (stored == null) {
      return null;
    }
    return switch (type) {
      case STRING -> stored;
      case INTEGER -> ((Number) stored).longValue();
      case FLOAT -> ((Number) stored).doubleValue();
      case BOOLEAN -> (Boolean) stored ? 1L : 0L;
      case DATETIME -> Instant.parse((String) stored).toEpochMilli();
      case GEO, STRINGS, INTEGERS, FLOATS ->
          DocumentJson.write(stored instanceof Map<?, ?> map ? new TreeMap<>(map) : stored);
    };
  }

  private static void insertPassages(
      PreparedStatement insert, Document document, List<SqlColumn> wanted) throws SQLException {
    var text = document.fields().getOrDefault("text", "");
    int number = 0;
    for (Passage passage : document.passages()) {
      for (int i = 0; i < wanted.size(); i++) {
        int end = Math.min(passage.end(), text.length());
        Object value =
            switch (wanted.get(i).name()) {
              case "document" -> document.id();
              case "number" -> number;
              case "start_at" -> passage.start();
              case "end_at" -> passage.end();
              default ->
                  document.fields().containsKey("text")
                      ? text.substring(Math.min(passage.start(), end), end)
                      : null;
            };
        insert.setObject(i + 1, value);
      }
      insert.addBatch();
      number++;
    }
  }

  private static void insertLinks(
      PreparedStatement insert, Document document, List<SqlColumn> wanted) throws SQLException {
    for (Link link : document.links()) {
      for (int i = 0; i < wanted.size(); i++) {
        insert.setString(
            i + 1,
            switch (wanted.get(i).name()) {
              case "document" -> document.id();
              case "target" -> link.url();
              case "anchor" -> link.text();
              default -> link.rel();
            });
      }
      insert.addBatch();
    }
  }
}
