package io.mosaicdb.storage.text;

/**
 * Fields analyzed alike: their numbers in the schema, ascending. {@code asTyped} leaves words as
 * they are before their inflection is removed, stop words included.
 */
record FieldGroup(int number, int[] fields, TextAnalysis analysis, TextAnalysis asTyped) {
  int size() {
    return fields.length;
  }
}
