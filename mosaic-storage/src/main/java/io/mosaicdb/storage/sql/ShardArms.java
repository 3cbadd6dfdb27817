package io.mosaicdb.storage.sql;

import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.storage.sql.DocumentColumns.DocumentColumn;
import io.mosaicdb.storage.sql.DocumentColumns.Origin;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of each view that one attached shard gives.
 *
 * @param schema the name it is attached by
 * @param shardId its id, for the column
 * @param attributes the columns of its {@code attributes} table, in lower case
 * @param dead the table of ordinals that the snapshot does not hold, null if it holds all
 */
record ShardArms(
    String schema,
    String shardId,
    int partition,
    Set<String> attributes,
    @Nullable String dead,
    DocumentColumns columns) {
  /** A {@code SELECT} of all columns of {@code table}; those not in {@code read} are NULL. */
  String arm(String table, Set<String> read) {
    return switch (table) {
      case DocumentColumns.DOCUMENTS -> documents(read);
      case DocumentColumns.PASSAGES -> passages(read);
      case DocumentColumns.LINKS -> links(read);
      default -> throw new IllegalArgumentException("no table " + table);
    };
  }

  private String documents(Set<String> read) {
    int fromAttributes = 0;
    int wantedColumns = 0;
    var select = new StringBuilder("SELECT ");
    var separator = "";
    for (DocumentColumn each : columns.all()) {
      var name = each.column().name();
      boolean wanted = read.contains(name);
      wantedColumns += wanted ? 1 : 0;
      fromAttributes += wanted && isInAttributes(each.origin()) ? 1 : 0;
      select.append(separator).append(wanted ? expression(each) : "NULL");
      select.append(" AS ").append(each.column().quoted());
      separator = ", ";
    }
    if (fromAttributes > 0 && fromAttributes == wantedColumns) {
      // Where the table has columns it has a row for every document; the texts are not read past.
      return select
          .append(" FROM ")
          .append(schema)
          .append(".attributes a")
          .append(live("a._document"))
          .toString();
    }
    select.append(" FROM ").append(schema).append(".documents d");
    if (fromAttributes > 0) {
      select
          .append(" LEFT JOIN ")
          .append(schema)
          .append(".attributes a ON a._document = d.ordinal");
    }
    return select.append(live("d.ordinal")).toString();
  }

  private String expression(DocumentColumn column) {
    return switch (column.origin()) {
      case Origin.Stored _ -> "d." + column.column().name();
      case Origin.Partition _ -> "CAST(" + partition + " AS INTEGER)";
      case Origin.ShardId _ -> "CAST(" + SqlConnections.text(shardId) + " AS TEXT)";
      case Origin.Field field -> "CAST(json_extract(d.fields, " + path(field.name()) + ") AS TEXT)";
      case Origin.OfAttribute attribute ->
          isInAttributes(attribute)
              ? "a." + column.column().quoted()
              : fromJson(attribute, column.column().type());
    };
  }

  private static String fromJson(Origin.OfAttribute attribute, String type) {
    var value = "json_extract(d.attributes, " + path(attribute.name()) + ")";
    if (attribute.attribute().type() == AttributeType.DATETIME) {
      value = SafeFunctions.MILLIS + "(" + value + ")";
    } else if (!attribute.isScalar()) {
      // Joining it to nothing makes it plain text: JSON would be nested where plain text is quoted.
      value = value + " || ''";
    }
    return "CAST(" + value + " AS " + type + ")";
  }

  private boolean isInAttributes(Origin origin) {
    return origin instanceof Origin.OfAttribute attribute
        && attribute.isScalar()
        && attributes.contains(attribute.name().toLowerCase(Locale.ROOT));
  }

  private String passages(Set<String> read) {
    boolean joins = read.contains("document") || read.contains("text");
    var first =
        "(SELECT min(q.ordinal) FROM " + schema + ".passages q WHERE q.document = p.document)";
    return select(
            DocumentColumns.PASSAGE_COLUMNS,
            read,
            List.of(
                "d.id",
                "CAST(p.ordinal - " + first + " AS INTEGER)",
                "p.start",
                "p.\"end\"",
                "CAST(" + SafeFunctions.SLICE + "(d.text, p.start, p.\"end\") AS TEXT)"))
        + " FROM "
        + schema
        + ".passages p"
        + (joins ? " JOIN " + schema + ".documents d ON d.ordinal = p.document" : "")
        + live("p.document");
  }

  private String links(Set<String> read) {
    return select(
            DocumentColumns.LINK_COLUMNS, read, List.of("d.id", "l.target", "l.anchor", "l.rel"))
        + " FROM "
        + schema
        + ".links l"
        + (read.contains("document")
            ? " JOIN " + schema + ".documents d ON d.ordinal = l.source"
            : "")
        + live("l.source");
  }

  private static String select(
      List<SqlColumn> columns, Set<String> read, List<String> expressions) {
    var selected = new StringBuilder("SELECT ");
    for (int i = 0; i < columns.size(); i++) {
      var name = columns.get(i).name();
      selected
          .append(i == 0 ? "" : ", ")
          .append(read.contains(name) ? expressions.get(i) : "NULL")
          .append(" AS ")
          .append(columns.get(i).quoted());
    }
    return selected.toString();
  }

  private String live(String ordinal) {
    return dead == null ? "" : " WHERE " + ordinal + " NOT IN (SELECT ordinal FROM " + dead + ")";
  }

  /** Names of fields and attributes hold nothing that would end the quotes. */
  private static String path(String name) {
    return SqlConnections.text("$.\"" + name + "\"");
  }

  /** An arm that only says what the columns are. */
  static String empty(List<SqlColumn> columns) {
    return columns.stream()
        .map(column -> "NULL AS " + column.quoted())
        .collect(Collectors.joining(", ", "SELECT ", " WHERE 0"));
  }
}
