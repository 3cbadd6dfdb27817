package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.AttributeValues;
import io.mosaicdb.model.schema.Schema;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the types of attributes that a schema does not know. The first value decides, but for
 * values of the same batch that a wider type holds as well: integer and float make float, datetime
 * and string make string.
 */
final class AttributeInference {
  private AttributeInference() {}

  /** New attributes by name; empty where nothing is new or the schema infers nothing. */
  static Map<String, AttributeType> newAttributes(List<Write> writes, Schema schema) {
    var types = new TreeMap<String, AttributeType>();
    if (!schema.inferAttributes()) {
      return types;
    }
    var grown = schema;
    for (var write : writes) {
      if (write.upsert() == null || write.upsert().attributes() == null) {
        continue;
      }
      for (var entry : write.upsert().attributes().entrySet()) {
        var name = entry.getKey();
        var type = inferred(entry.getValue());
        if (type == null || schema.attributes().containsKey(name)) {
          continue;
        }
        var earlier = types.get(name);
        if (earlier != null) {
          types.put(name, wider(earlier, type));
        } else if (fits(grown, name, type)) {
          grown = grown.with(name, new Attribute(type, true));
          types.put(name, type);
        }
      }
    }
    return types;
  }

  private static @Nullable AttributeType inferred(@Nullable Object value) {
    return value == null ? null : AttributeValues.infer(value);
  }

  private static AttributeType wider(AttributeType one, AttributeType other) {
    return switch (one) {
      case INTEGER -> other == AttributeType.FLOAT ? other : one;
      case INTEGERS -> other == AttributeType.FLOATS ? other : one;
      case DATETIME -> other == AttributeType.STRING ? other : one;
      case STRING, FLOAT, BOOLEAN, GEO, STRINGS, FLOATS -> one;
    };
  }

  private static boolean fits(Schema schema, String name, AttributeType type) {
    try {
      var _ = schema.with(name, new Attribute(type, true));
      return true;
    } catch (IllegalArgumentException _) {
      // The document's own check says so, with the place.
      return false;
    }
  }
}
