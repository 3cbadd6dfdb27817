package io.mosaicdb.storage.text;

import java.util.List;

/**
 * A text field of the schema: its weight multiplies its term frequencies and its length; its
 * synonyms are rules as {@link Synonyms} reads them.
 */
public record IndexedField(
    String name, double weight, FieldAnalysis analysis, List<String> synonyms) {
  /** Without synonyms. */
  public IndexedField(String name, double weight, FieldAnalysis analysis) {
    this(name, weight, analysis, List.of());
  }

  public IndexedField {
    if (name.isEmpty() || name.indexOf(',') >= 0 || name.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "field name must not be empty nor contain ',' or ':', got \"" + name + "\"");
    }
    checkWeight(weight);
    synonyms = List.copyOf(synonyms);
  }

  static void checkWeight(double weight) {
    if (!(weight > 0) || weight > 1_000) {
      throw new IllegalArgumentException("weight must be in (0, 1000], got " + weight);
    }
  }
}
