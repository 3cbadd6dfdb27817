package io.mosaicdb.storage.sql;

import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The columns of the three tables for a namespace's schema. Text fields and attributes have a
 * column each, unless a column of that name is there already: then they are read from {@code
 * fields} and {@code attributes}.
 */
final class DocumentColumns {
  static final String DOCUMENTS = "documents";
  static final String PASSAGES = "passages";
  static final String LINKS = "links";

  static final List<SqlColumn> PASSAGE_COLUMNS =
      List.of(
          new SqlColumn("document", "TEXT"),
          new SqlColumn("number", "INTEGER"),
          new SqlColumn("start_at", "INTEGER"),
          new SqlColumn("end_at", "INTEGER"),
          new SqlColumn("text", "TEXT"));

  static final List<SqlColumn> LINK_COLUMNS =
      List.of(
          new SqlColumn("document", "TEXT"),
          new SqlColumn("target", "TEXT"),
          new SqlColumn("anchor", "TEXT"),
          new SqlColumn("rel", "TEXT"));

  /** Where the values of a column of {@code documents} come from. */
  sealed interface Origin {
    /** A column of the shard's {@code documents} table. */
    record Stored() implements Origin {}

    record Partition() implements Origin {}

    record ShardId() implements Origin {}

    /** A text field other than title and text. */
    record Field(String name) implements Origin {}

    record OfAttribute(String name, Attribute attribute) implements Origin {
      /** Whether the shard's {@code attributes} table may have a column for it. */
      boolean isScalar() {
        return attribute.type() != AttributeType.GEO && !attribute.type().isArray();
      }
    }
  }

  record DocumentColumn(SqlColumn column, Origin origin) {}

  private final Map<String, DocumentColumn> byName = new LinkedHashMap<>();

  DocumentColumns(Schema schema) {
    for (String name : List.of("id", "url", "title", "text")) {
      add(name, "TEXT", new Origin.Stored());
    }
    add("commit_seq", "INTEGER", new Origin.Stored());
    add("fields", "TEXT", new Origin.Stored());
    add("attributes", "TEXT", new Origin.Stored());
    add("partition", "INTEGER", new Origin.Partition());
    add("shard_id", "TEXT", new Origin.ShardId());
    schema.fields().keySet().forEach(name -> add(name, "TEXT", new Origin.Field(name)));
    schema
        .attributes()
        .forEach((name, attribute) ->
            add(name, sqlType(attribute.type()), new Origin.OfAttribute(name, attribute)));
  }

  private void add(String name, String type, Origin origin) {
    byName.putIfAbsent(
        name.toLowerCase(Locale.ROOT), new DocumentColumn(new SqlColumn(name, type), origin));
  }

  Collection<DocumentColumn> all() {
    return byName.values();
  }

  @Nullable DocumentColumn find(String name) {
    return byName.get(name.toLowerCase(Locale.ROOT));
  }

  /** The columns of one of the three tables, in order. */
  List<SqlColumn> of(String table) {
    return switch (table) {
      case DOCUMENTS -> {
        var columns = new ArrayList<SqlColumn>(byName.size());
        byName.values().forEach(each -> columns.add(each.column()));
        yield columns;
      }
      case PASSAGES -> PASSAGE_COLUMNS;
      case LINKS -> LINK_COLUMNS;
      default -> throw new IllegalArgumentException("no table " + table);
    };
  }

  /** Times in milliseconds, booleans as 0 and 1; arrays and places as JSON. */
  private static String sqlType(AttributeType type) {
    return switch (type) {
      case INTEGER, BOOLEAN, DATETIME -> "INTEGER";
      case FLOAT -> "REAL";
      case STRING, GEO, STRINGS, INTEGERS, FLOATS -> "TEXT";
    };
  }
}
