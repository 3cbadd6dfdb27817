package io.mosaicdb.storage.shard;

import static java.util.Objects.requireNonNull;

import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.filter.AttributeColumns;
import io.mosaicdb.storage.filter.GeoArea;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The filterable attributes in a shard file: a column with an index for each that has one value, a
 * row an element for arrays, an R*Tree for places.
 */
final class AttributeTables {
  static final String CREATE_PLACES =
      "CREATE VIRTUAL TABLE attribute_places USING rtree(id, min_lat, max_lat, min_lon, max_lon, +document INTEGER, +name TEXT, +lat REAL, +lon REAL)";

  /** The tree rounds its own coordinates outwards, so that none is missed. */
  static final String PLACES_IN_BOX =
      "SELECT document, lat, lon FROM attribute_places"
          + " WHERE max_lat >= ? AND min_lat <= ? AND max_lon >= ? AND min_lon <= ? AND name = ?";

  private static final int SAMPLED_PLACES = 8_192;

  private AttributeTables() {}

  static void write(
      Connection connection, Map<String, Attribute> schema, List<DocumentVersion> documents)
      throws SQLException {
    var scalars = new ArrayList<String>();
    var definition = new StringBuilder("CREATE TABLE attributes(_document INTEGER PRIMARY KEY");
    boolean places = false;
    for (var entry : schema.entrySet()) {
      if (!entry.getValue().filterable()) {
        continue;
      }
      var type = entry.getValue().type();
      if (type == AttributeType.GEO) {
        places = true;
      } else if (!type.isArray()) {
        scalars.add(entry.getKey());
        definition.append(", ").append(quoted(entry.getKey())).append(' ').append(sqlType(type));
      }
    }
    try (var statement = connection.createStatement()) {
      statement.execute(definition.append(')').toString());
      statement.execute(
          "CREATE TABLE attribute_elements(document INTEGER NOT NULL, name TEXT NOT NULL, value NOT NULL)");
      if (places) {
        statement.execute(CREATE_PLACES);
      }
    }
    writeScalars(connection, schema, scalars, documents);
    writeElements(connection, schema, documents);
    if (places) {
      writePlaces(connection, schema, documents);
    }
    try (var statement = connection.createStatement()) {
      for (int i = 0; i < scalars.size(); i++) {
        statement.execute(
            "CREATE INDEX attributes_%d ON attributes(%s)".formatted(i, quoted(scalars.get(i))));
      }
      statement.execute(
          "CREATE INDEX attribute_elements_by_value ON attribute_elements(name, value)");
    }
  }

  private static void writeScalars(
      Connection connection,
      Map<String, Attribute> schema,
      List<String> names,
      List<DocumentVersion> documents)
      throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    var sql = "INSERT INTO attributes VALUES (?" + ", ?".repeat(names.size()) + ")";
    try (var insert = connection.prepareStatement(sql)) {
      for (int ordinal = 0; ordinal < documents.size(); ordinal++) {
        var attributes = documents.get(ordinal).document().attributes();
        insert.setInt(1, ordinal);
        for (int i = 0; i < names.size(); i++) {
          var name = names.get(i);
          bind(insert, i + 2, attributes.get(name), requireNonNull(schema.get(name)).type());
        }
        insert.addBatch();
        flush(insert, ordinal);
      }
      insert.executeBatch();
    }
  }

  private static void writeElements(
      Connection connection, Map<String, Attribute> schema, List<DocumentVersion> documents)
      throws SQLException {
    try (var insert =
        connection.prepareStatement("INSERT INTO attribute_elements VALUES (?, ?, ?)")) {
      int rows = 0;
      for (int ordinal = 0; ordinal < documents.size(); ordinal++) {
        for (var entry : documents.get(ordinal).document().attributes().entrySet()) {
          var attribute = schema.get(entry.getKey());
          if (attribute == null || !attribute.filterable() || !attribute.type().isArray()) {
            continue;
          }
          for (Object element : (List<?>) entry.getValue()) {
            insert.setInt(1, ordinal);
            insert.setString(2, entry.getKey());
            bind(insert, 3, element, attribute.type().elementType());
            insert.addBatch();
            flush(insert, rows++);
          }
        }
      }
      insert.executeBatch();
    }
  }

  private static void writePlaces(
      Connection connection, Map<String, Attribute> schema, List<DocumentVersion> documents)
      throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO attribute_places VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      int id = 0;
      for (int ordinal = 0; ordinal < documents.size(); ordinal++) {
        for (var entry : documents.get(ordinal).document().attributes().entrySet()) {
          var attribute = schema.get(entry.getKey());
          if (attribute == null
              || !attribute.filterable()
              || attribute.type() != AttributeType.GEO) {
            continue;
          }
          var place = (Map<?, ?>) entry.getValue();
          double latitude = ((Number) requireNonNull(place.get("lat"))).doubleValue();
          double longitude = ((Number) requireNonNull(place.get("lon"))).doubleValue();
          insert.setInt(1, ++id);
          insert.setDouble(2, latitude);
          insert.setDouble(3, latitude);
          insert.setDouble(4, longitude);
          insert.setDouble(5, longitude);
          insert.setInt(6, ordinal);
          insert.setString(7, entry.getKey());
          insert.setDouble(8, latitude);
          insert.setDouble(9, longitude);
          insert.addBatch();
          flush(insert, id);
        }
      }
      insert.executeBatch();
    }
  }

  /** Fills {@code columns} with one attribute's values. */
  static void load(Connection connection, String name, AttributeType type, AttributeColumns columns)
      throws SQLException {
    if (type == AttributeType.GEO) {
      try (var select =
          connection.prepareStatement(
              "SELECT document, lat, lon FROM attribute_places WHERE name = ? ORDER BY document")) {
        select.setString(1, name);
        try (var rows = select.executeQuery()) {
          while (rows.next()) {
            var place = Map.of("lat", rows.getDouble(2), "lon", rows.getDouble(3));
            columns.append(rows.getInt(1), name, type, place);
          }
        }
      }
      return;
    }
    var sql =
        type.isArray()
            ? "SELECT document, value FROM attribute_elements WHERE name = ? ORDER BY document"
            : "SELECT _document, %1$s FROM attributes NOT INDEXED WHERE %1$s IS NOT NULL"
                .formatted(quoted(name));
    try (var select = connection.prepareStatement(sql)) {
      if (type.isArray()) {
        select.setString(1, name);
      }
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          columns.append(rows.getInt(1), name, type.elementType(), value(rows, type.elementType()));
        }
      }
    }
  }

  /** Fills {@code columns} with the hosts of all documents. */
  static void loadHosts(Connection connection, AttributeColumns columns) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT ordinal, url FROM documents WHERE url IS NOT NULL ORDER BY ordinal")) {
      while (rows.next()) {
        columns.appendHost(rows.getInt(1), rows.getString(2));
      }
    }
  }

  /** The documents whose place lies in the area: the R*Tree's candidates, measured exactly. */
  static OrdinalSet within(Connection connection, String name, GeoArea area, int documents)
      throws SQLException {
    var bits = new long[OrdinalSet.wordsFor(documents)];
    try (var select = connection.prepareStatement(PLACES_IN_BOX)) {
      for (GeoArea.Box box : area.boxes()) {
        select.setDouble(1, box.south());
        select.setDouble(2, box.north());
        select.setDouble(3, box.west());
        select.setDouble(4, box.east());
        select.setString(5, name);
        try (var rows = select.executeQuery()) {
          while (rows.next()) {
            int ordinal = rows.getInt(1);
            if (area.contains(rows.getDouble(2), rows.getDouble(3))) {
              bits[ordinal >>> 6] |= 1L << ordinal;
            }
          }
        }
      }
    }
    return OrdinalSet.wrap(bits, documents);
  }

  /** How many documents have a place, then latitudes and longitudes of some of them in turn. */
  static double[] samplePlaces(Connection connection, String name) throws SQLException {
    long places = 0;
    try (var count =
        connection.prepareStatement("SELECT count(*) FROM attribute_places WHERE name = ?")) {
      count.setString(1, name);
      try (var row = count.executeQuery()) {
        places = row.next() ? row.getLong(1) : 0;
      }
    }
    var sample = new double[1 + 2 * (int) Math.min(places, SAMPLED_PLACES)];
    sample[0] = places;
    int size = (sample.length - 1) / 2;
    try (var select =
        connection.prepareStatement("SELECT lat, lon FROM attribute_places WHERE name = ?")) {
      select.setString(1, name);
      try (var rows = select.executeQuery()) {
        // Neighbours stand together in the tree, so that every so manieth is a fair sample.
        int taken = 0;
        for (long row = 0; taken < size && rows.next(); row++) {
          if (row == taken * places / size) {
            sample[1 + 2 * taken] = rows.getDouble(1);
            sample[2 + 2 * taken] = rows.getDouble(2);
            taken++;
          }
        }
      }
    }
    return sample;
  }

  private static Object value(ResultSet rows, AttributeType type) throws SQLException {
    return switch (type) {
      case STRING -> rows.getString(2);
      case INTEGER -> rows.getLong(2);
      case FLOAT -> rows.getDouble(2);
      case BOOLEAN -> rows.getLong(2) != 0;
      case DATETIME -> Instant.ofEpochMilli(rows.getLong(2)).toString();
      case GEO, STRINGS, INTEGERS, FLOATS -> throw new AssertionError(type);
    };
  }

  private static void bind(
      PreparedStatement statement,
      int parameter,
      @org.jspecify.annotations.Nullable Object value,
      AttributeType type)
      throws SQLException {
    if (value == null) {
      statement.setNull(parameter, Types.NULL);
      return;
    }
    switch (type) {
      case STRING -> statement.setString(parameter, (String) value);
      case INTEGER -> statement.setLong(parameter, ((Number) value).longValue());
      case FLOAT -> statement.setDouble(parameter, ((Number) value).doubleValue());
      case BOOLEAN -> statement.setLong(parameter, (Boolean) value ? 1 : 0);
      case DATETIME -> statement.setLong(parameter, Instant.parse((String) value).toEpochMilli());
      case GEO, STRINGS, INTEGERS, FLOATS -> throw new AssertionError(type);
    }
  }

  private static void flush(PreparedStatement insert, int row) throws SQLException {
    if ((row & 1023) == 1023) {
      insert.executeBatch();
    }
  }

  private static String sqlType(AttributeType type) {
    return switch (type) {
      case STRING -> "TEXT";
      case INTEGER, BOOLEAN, DATETIME -> "INTEGER";
      case FLOAT -> "REAL";
      case GEO, STRINGS, INTEGERS, FLOATS -> throw new AssertionError(type);
    };
  }

  /** Names are checked by the schema; the quotes make dots and dashes part of them. */
  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
