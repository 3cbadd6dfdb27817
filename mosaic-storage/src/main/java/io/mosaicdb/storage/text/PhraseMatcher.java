package io.mosaicdb.storage.text;

import java.util.Arrays;
import java.util.List;

/**
 * Finds the documents in which terms stand at given places relative to each other, or nearly so:
 * with slop, a term that stands elsewhere is as far off as the places it would have to be moved.
 */
final class PhraseMatcher {
  /** A term of the phrase with its postings in a segment. */
  record PositionedTerm(int place, Postings postings, PositionSource positions) {}

  private final List<PositionedTerm> terms;
  private final FieldSelection selection;
  private final int fields;
  private final int slop;

  PhraseMatcher(List<PositionedTerm> terms, FieldSelection selection, int slop) {
    this.terms = terms;
    this.slop = slop;
    this.selection = selection;
    this.fields = selection.group().size();
  }

  /** The frequency of a posting is the number of times that the phrase occurs in a field. */
  Postings match() {
    var matches = new Postings(fields, 16);
    var rarest = terms.getFirst().postings();
    for (var term : terms) {
      rarest = term.postings().count() < rarest.count() ? term.postings() : rarest;
    }
    var indexes = new int[terms.size()];
    var frequencies = new int[fields];
    for (int i = 0; i < rarest.count(); i++) {
      int ordinal = rarest.ordinal(i);
      if (allContain(ordinal, indexes) && count(indexes, frequencies)) {
        matches.add(ordinal, frequencies, 0);
      }
    }
    return matches;
  }

  private boolean allContain(int ordinal, int[] indexes) {
    for (int t = 0; t < indexes.length; t++) {
      var postings = terms.get(t).postings();
      int at = postings.lowerBound(ordinal);
      if (at == postings.count() || postings.ordinal(at) != ordinal) {
        return false;
      }
      indexes[t] = at;
    }
    return true;
  }

  private boolean count(int[] indexes, int[] frequencies) {
    var places = new int[indexes.length][][];
    for (int t = 0; t < indexes.length; t++) {
      places[t] = positions(terms.get(t), indexes[t]);
    }
    boolean found = false;
    Arrays.fill(frequencies, 0);
    for (int field : selection.members()) {
      if (slop > 0) {
        frequencies[field] = countNear(places, field);
        found |= frequencies[field] > 0;
        continue;
      }
      for (int position : places[0][field]) {
        if (allAt(places, field, position - terms.getFirst().place())) {
          frequencies[field]++;
          found = true;
        }
      }
    }
    return found;
  }

  /**
   * Walks all terms' places together. Where each would have the phrase begin, the least and the
   * greatest may differ by the slop; a place that was counted is not counted again.
   */
  private int countNear(int[][][] places, int field) {
    var next = new int[places.length];
    int count = 0;
    while (true) {
      int least = 0;
      int lowest = Integer.MAX_VALUE;
      int highest = Integer.MIN_VALUE;
      for (int t = 0; t < next.length; t++) {
        var inField = places[t][field];
        if (next[t] == inField.length) {
          return count;
        }
        int start = inField[next[t]] - terms.get(t).place();
        if (start < lowest) {
          lowest = start;
          least = t;
        }
        highest = Math.max(highest, start);
      }
      if (highest - lowest <= slop && standApart(places, field, next)) {
        count++;
        for (int t = 0; t < next.length; t++) {
          next[t]++;
        }
      } else {
        next[least]++;
      }
    }
  }

  /** Whether no two terms, if they are the same word, stand at one place. */
  private static boolean standApart(int[][][] places, int field, int[] at) {
    for (int t = 1; t < at.length; t++) {
      for (int u = 0; u < t; u++) {
        if (places[t][field][at[t]] == places[u][field][at[u]]) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean allAt(int[][][] places, int field, int start) {
    for (int t = 1; t < places.length; t++) {
      if (Arrays.binarySearch(places[t][field], start + terms.get(t).place()) < 0) {
        return false;
      }
    }
    return true;
  }

  private int[][] positions(PositionedTerm term, int index) {
    var source = term.positions().at(index);
    var positions = new int[fields][];
    for (int field = 0; field < fields; field++) {
      var inField =
          new int[term.postings().frequencies()[term.postings().frequenciesAt(index) + field]];
      int position = 0;
      for (int i = 0; i < inField.length; i++) {
        position += source.varint();
        inField[i] = position;
      }
      positions[field] = inField;
    }
    return positions;
  }
}
