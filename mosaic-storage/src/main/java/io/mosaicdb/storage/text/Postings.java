package io.mosaicdb.storage.text;

import java.util.Arrays;

/** Postings laid open: ordinals ascending, and for each the frequency in every field of a group. */
final class Postings {
  final int fields;
  private int[] ordinals;
  private int[] frequencies;
  private int count;

  Postings(int fields, int capacity) {
    this.fields = fields;
    this.ordinals = new int[Math.max(capacity, 4)];
    this.frequencies = new int[ordinals.length * fields];
  }

  int count() {
    return count;
  }

  void clear() {
    count = 0;
  }

  int ordinal(int index) {
    return ordinals[index];
  }

  int[] frequencies() {
    return frequencies;
  }

  int frequenciesAt(int index) {
    return index * fields;
  }

  void add(int ordinal, int[] source, int from) {
    if (count == ordinals.length) {
      ordinals = Arrays.copyOf(ordinals, count * 2);
      frequencies = Arrays.copyOf(frequencies, count * 2 * fields);
    }
    ordinals[count] = ordinal;
    for (int i = 0, at = count * fields; i < fields; i++) {
      frequencies[at + i] = source[from + i];
    }
    count++;
  }

  /** The first index whose ordinal is at least {@code ordinal}. */
  int lowerBound(int ordinal) {
    int at = Arrays.binarySearch(ordinals, 0, count, ordinal);
    return at >= 0 ? at : -at - 1;
  }

  /** Those that occur in a selected field. */
  Postings only(FieldSelection selection) {
    var kept = new Postings(fields, 16);
    for (int i = 0; i < count; i++) {
      int at = frequenciesAt(i);
      for (int member : selection.members()) {
        if (frequencies[at + member] > 0) {
          kept.add(ordinals[i], frequencies, at);
          break;
        }
      }
    }
    return kept;
  }
}
