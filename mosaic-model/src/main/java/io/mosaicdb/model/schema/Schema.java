package io.mosaicdb.model.schema;

import java.util.Collections;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the documents of a namespace look like.
 *
 * @param fields the text fields, by name; at least one
 * @param attributes the typed attributes, by name
 * @param inferAttributes whether an unknown attribute joins the schema with the type of its first
 *     value; else it is an error
 */
public record Schema(
    SequencedMap<String, TextField> fields,
    SequencedMap<String, Attribute> attributes,
    VectorField vector,
    boolean inferAttributes) {
  public static final int MAX_FIELDS = 32;
  public static final int MAX_ATTRIBUTES = 256;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");

  public Schema {
    fields = sorted(fields, "field", MAX_FIELDS);
    attributes = sorted(attributes, "attribute", MAX_ATTRIBUTES);
    if (fields.isEmpty()) {
      throw new IllegalArgumentException("a schema needs at least one text field");
    }
  }

  /** Title and text in English, vectors made by the server, attributes inferred. */
  public static Schema standard(int dimensions) {
    var fields = new TreeMap<String, TextField>();
    fields.put("title", new TextField(3, "en", true, true));
    fields.put("text", new TextField(1, "en", true, true));
    var vector =
        dimensions == 0
            ? VectorField.ABSENT
            : new VectorField(dimensions, Metric.COSINE, VectorOrigin.SERVER);
    return new Schema(fields, new TreeMap<>(), vector, true);
  }

  /** This schema with one more attribute. */
  public Schema with(String name, Attribute attribute) {
    var extended = new TreeMap<>(attributes);
    extended.put(name, attribute);
    return new Schema(fields, extended, vector, inferAttributes);
  }

  private static <V> SequencedMap<String, V> sorted(Map<String, V> values, String what, int most) {
    if (values.size() > most) {
      throw new IllegalArgumentException(
          "a schema has at most " + most + " " + what + "s, got " + values.size());
    }
    var folded = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (String name : values.keySet()) {
      var twin = folded.put(name, name);
      if (twin != null) {
        // They become columns of a SQL table, whose names ignore case.
        throw new IllegalArgumentException(
            what + "s '" + twin + "' and '" + name + "' differ only in case");
      }
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            what
                + " names are 1 to 64 of A-Z a-z 0-9 _ . - and start with a letter, got '"
                + name
                + "'");
      }
    }
    return Collections.unmodifiableSequencedMap(new TreeMap<>(values));
  }
}
