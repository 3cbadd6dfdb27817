package io.mosaicdb.storage.text;

/** A text field of the schema: its weight multiplies its term frequencies and its length. */
public record IndexedField(String name, double weight, FieldAnalysis analysis) {
  public IndexedField {
    if (name.isEmpty() || name.indexOf(',') >= 0 || name.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "field name must not be empty nor contain ',' or ':', got \"" + name + "\"");
    }
    if (!(weight > 0) || weight > 1_000) {
      throw new IllegalArgumentException("weight must be in (0, 1000], got " + weight);
    }
  }
}
