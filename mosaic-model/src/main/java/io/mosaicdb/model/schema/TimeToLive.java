package io.mosaicdb.model.schema;

import java.time.Duration;
import java.util.Optional;

/**
 * When documents are over: {@code after} the moment that their attribute {@code field} names. One
 * without the attribute is never over.
 *
 * @param after not negative
 */
public record TimeToLive(String field, Duration after) {
  public TimeToLive {
    if (after.isNegative()) {
      throw new IllegalArgumentException("after must not be negative, got " + after);
    }
  }

  /** Why documents of that schema cannot be told to be over, empty if they can. */
  public Optional<String> findProblem(Schema schema) {
    var attribute = schema.attributes().get(field);
    if (attribute == null) {
      return Optional.of("must be an attribute of the schema, got '" + field + "'");
    }
    if (attribute.type() != AttributeType.DATETIME || !attribute.filterable()) {
      return Optional.of(
          "must be a filterable datetime, but '%s' is %s%s"
              .formatted(
                  field,
                  attribute.type().wireName(),
                  attribute.filterable() ? "" : " and not filterable"));
    }
    return Optional.empty();
  }
}
