package io.mosaicdb.storage.text;

import java.util.Comparator;
import java.util.List;

/** The words of a group of fields, in the order of their code points. */
interface Lexicon {
  /** The order of SQLite's text: UTF-8, which is the order of code points. */
  Comparator<String> ORDER = Lexicon::compare;

  /** A word, the term that is looked up for it, and about how many documents have it. */
  interface Entry {
    String word();

    String term();

    long documents();
  }

  /** The first words that are not before {@code start}, at most {@code limit}. */
  List<? extends Entry> from(String start, int limit);

  private static int compare(String one, String other) {
    int length = Math.min(one.length(), other.length());
    for (int i = 0; i < length; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        // Surrogates stand for code points above all other characters.
        return Character.isSurrogate(a) == Character.isSurrogate(b)
            ? Character.compare(a, b)
            : Character.isSurrogate(a) ? 1 : -1;
      }
    }
    return Integer.compare(one.length(), other.length());
  }
}
