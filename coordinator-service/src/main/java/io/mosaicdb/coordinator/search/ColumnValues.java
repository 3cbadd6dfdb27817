package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.filter.ColumnName;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Values of attributes as workers compare them, and as users read them. */
final class ColumnValues {
  private ColumnValues() {}

  /** The column that a name means; {@code invalid_value} at {@code pointer} if there is none. */
  static ColumnName column(@Nullable String field, Schema schema, String pointer) {
    if (field == null) {
      throw MosaicException.invalidValue(pointer, "must be an attribute's name");
    }
    try {
      return ColumnName.of(field, schema, pointer);
    } catch (InvalidInputException e) {
      throw MosaicException.invalidValue(e.pointer(), String.valueOf(e.getMessage()));
    }
  }

  /** String, Long or Double, whatever type the number took on the wire. */
  static Object comparable(Object value, AttributeType type) {
    return switch (type.elementType()) {
      case INTEGER, DATETIME, BOOLEAN -> ((Number) value).longValue();
      case FLOAT -> ((Number) value).doubleValue();
      default -> value;
    };
  }

  /** What {@link #comparable} made, as documents show it. */
  static Object shown(Object value, AttributeType type) {
    return switch (type.elementType()) {
      case DATETIME -> Instant.ofEpochMilli(((Number) value).longValue()).toString();
      case BOOLEAN -> ((Number) value).longValue() != 0;
      default -> value;
    };
  }
}
