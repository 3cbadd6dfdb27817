package io.mosaicdb.model.filter;

import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;

/**
 * The column that a name in a filter, a facet, a group or a sort means: a filterable attribute's,
 * or {@code host}, which every document with a url has where the schema has no attribute of that
 * name.
 *
 * @param name the column's, which an attribute cannot have where it is derived
 */
public record ColumnName(String name, AttributeType type) {
  public static final String HOST = "host";

  /** The column of hosts; no attribute's name has a colon. */
  public static final String DERIVED_HOST = ":host";

  /**
   * The column of {@code field}.
   *
   * @param pointer where the name stands in the request
   * @throws InvalidInputException if the schema has no such filterable attribute
   */
  public static ColumnName of(String field, Schema schema, String pointer) {
    var attribute = schema.attributes().get(field);
    if (attribute == null) {
      if (field.equals(HOST)) {
        return new ColumnName(DERIVED_HOST, AttributeType.STRING);
      }
      throw new InvalidInputException(
          pointer,
          "'" + field + "' is not an attribute of this namespace; it has " + names(schema));
    }
    if (!attribute.filterable()) {
      throw new InvalidInputException(pointer, "attribute '" + field + "' is not filterable");
    }
    return new ColumnName(field, attribute.type());
  }

  private static String names(Schema schema) {
    return schema.attributes().isEmpty() ? "none" : String.join(", ", schema.attributes().keySet());
  }
}
