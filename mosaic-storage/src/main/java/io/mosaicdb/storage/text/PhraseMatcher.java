package io.mosaicdb.storage.text;

import java.util.Arrays;
import java.util.List;

/** Finds the documents in which terms stand at given places relative to each other. */
final class PhraseMatcher {
  /** A term of the phrase with its postings in a segment. */
  record PositionedTerm(int place, Postings postings, PositionSource positions) {}

  private final List<PositionedTerm> terms;
  private final FieldSelection selection;
  private final int fields;

  PhraseMatcher(List<PositionedTerm> terms, FieldSelection selection) {
    this.terms = terms;
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
      for (int position : places[0][field]) {
        if (allAt(places, field, position - terms.getFirst().place())) {
          frequencies[field]++;
          found = true;
        }
      }
    }
    return found;
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
