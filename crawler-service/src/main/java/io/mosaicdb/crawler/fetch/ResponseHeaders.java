package io.mosaicdb.crawler.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The header fields of an answer, in the order they came. Names are compared without regard to
 * case.
 *
 * @param fields every field; a name that came twice is there twice
 */
public record ResponseHeaders(List<Field> fields) {
  /** No field at all. */
  public static final ResponseHeaders NONE = new ResponseHeaders(List.of());

  /** One field as it came. */
  public record Field(String name, String value) {}

  public ResponseHeaders {
    fields = List.copyOf(fields);
  }

  /** Fields given as name, value, name, value. */
  public static ResponseHeaders of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "names and values must come in pairs, got " + namesAndValues.length);
    }
    var fields = new ArrayList<Field>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
    }
    return new ResponseHeaders(fields);
  }

  /** The value of the first field of this name. */
  public Optional<String> first(String name) {
    for (var field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        return Optional.of(field.value());
      }
    }
    return Optional.empty();
  }

  /** The values of all fields of this name, in the order they came. */
  public List<String> all(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  /** Type and subtype of the content in lower case, without parameters: {@code text/html}. */
  public Optional<String> mediaType() {
    return first("Content-Type")
        .map(value -> {
          int end = value.indexOf(';');
          return (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        })
        .filter(type -> !type.isEmpty());
  }
}
