package io.mosaicdb.model.schema;

import java.util.Arrays;
import java.util.Optional;

/** The type of an attribute's values. */
public enum AttributeType {
  STRING("string", false),
  INTEGER("integer", false),
  FLOAT("float", false),
  BOOLEAN("boolean", false),
  DATETIME("datetime", false),
  GEO("geo", false),
  STRINGS("string[]", true),
  INTEGERS("integer[]", true),
  FLOATS("float[]", true);

  private final String wireName;
  private final boolean array;

  AttributeType(String wireName, boolean array) {
    this.wireName = wireName;
    this.array = array;
  }

  /** The name in requests and in shard files. */
  public String wireName() {
    return wireName;
  }

  public boolean isArray() {
    return array;
  }

  /** The type of one value: an array's element type, else the type itself. */
  public AttributeType elementType() {
    return switch (this) {
      case STRINGS -> STRING;
      case INTEGERS -> INTEGER;
      case FLOATS -> FLOAT;
      case STRING, INTEGER, FLOAT, BOOLEAN, DATETIME, GEO -> this;
    };
  }

  public static Optional<AttributeType> find(String wireName) {
    return Arrays.stream(values()).filter(type -> type.wireName.equals(wireName)).findFirst();
  }

  public static String knownNames() {
    return String.join(", ", Arrays.stream(values()).map(AttributeType::wireName).toList());
  }
}
