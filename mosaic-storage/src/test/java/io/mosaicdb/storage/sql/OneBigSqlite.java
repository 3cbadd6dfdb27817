package io.mosaicdb.storage.sql;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.storage.document.DocumentJson;
import io.mosaicdb.storage.sql.SqlFixture.Written;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The same documents as rows of three plain tables of one database: what SQL must agree with. */
final class OneBigSqlite implements AutoCloseable {
  private final Connection connection;

  OneBigSqlite(Collection<Written> documents) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    execute(
        "CREATE TABLE documents(id TEXT, url TEXT, title TEXT, text TEXT, commit_seq INTEGER,"
            + " fields TEXT, attributes TEXT, partition INTEGER, summary TEXT, flag INTEGER,"
            + " \"group-by.2\" INTEGER, lang TEXT, note TEXT, noted INTEGER, place TEXT,"
            + " score REAL, seen INTEGER, tags TEXT, year INTEGER)");
    execute(
        "CREATE TABLE passages(document TEXT, number INTEGER, start_at INTEGER, end_at INTEGER, text TEXT)");
    execute("CREATE TABLE links(document TEXT, target TEXT, anchor TEXT, rel TEXT)");
    for (Written each : documents) {
      insert(each);
    }
  }

  private void insert(Written written) throws SQLException {
    var document = written.document();
    var attributes = document.attributes();
    var others = new TreeMap<>(document.fields());
    others.remove("title");
    others.remove("text");
    insert(
        "documents",
        document.id(),
        document.url(),
        document.fields().get("title"),
        document.fields().get("text"),
        written.commitSeq(),
        others.isEmpty() ? null : DocumentJson.write(others),
        DocumentJson.write(attributes),
        written.partition(),
        document.fields().get("summary"),
        attributes.get("flag") instanceof Boolean flag ? (flag ? 1 : 0) : null,
        attributes.get("group-by.2"),
        attributes.get("lang"),
        attributes.get("note"),
        millis(attributes.get("noted")),
        json(document, "place"),
        attributes.get("score"),
        millis(attributes.get("seen")),
        json(document, "tags"),
        attributes.get("year"));
    int number = 0;
    for (var passage : document.passages()) {
      insert(
          "passages",
          document.id(),
          number++,
          passage.start(),
          passage.end(),
          document.text("text").substring(passage.start(), passage.end()));
    }
    for (var link : document.links()) {
      insert("links", document.id(), link.url(), link.text(), link.rel());
    }
  }

  private static @Nullable Object json(Document document, String name) {
    var value = document.attributes().get(name);
    if (value instanceof java.util.Map<?, ?> map) {
      return DocumentJson.write(new TreeMap<>(map));
    }
    return value == null ? null : DocumentJson.write(value);
  }

  private static @Nullable Object millis(@Nullable Object time) {
    return time == null ? null : Instant.parse((String) time).toEpochMilli();
  }

  private void insert(String table, @Nullable Object... values) throws SQLException {
    var marks = "?, ".repeat(values.length - 1) + "?";
    try (var insert =
        connection.prepareStatement("INSERT INTO " + table + " VALUES (" + marks + ")")) {
      bind(insert, values);
      insert.executeUpdate();
    }
  }

  List<List<@Nullable Object>> ask(String sql, @Nullable Object... parameters) throws SQLException {
    try (var select = connection.prepareStatement(sql)) {
      bind(select, parameters);
      try (var result = select.executeQuery()) {
        var rows = new ArrayList<List<@Nullable Object>>();
        while (result.next()) {
          var row = new ArrayList<@Nullable Object>();
          for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            var value = result.getObject(i);
            row.add(value instanceof Integer number ? Long.valueOf(number) : value);
          }
          rows.add(row);
        }
        return rows;
      }
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
