package io.mosaicdb.storage.text;

/** Fields analyzed alike: their numbers in the schema, ascending. */
record FieldGroup(int number, int[] fields, TextAnalysis analysis) {
  int size() {
    return fields.length;
  }
}
