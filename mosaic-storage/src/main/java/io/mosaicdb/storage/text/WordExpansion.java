package io.mosaicdb.storage.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a dictionary has for the beginning of a word, or for a word that is mistyped. */
final class WordExpansion {
  private static final int PAGE = 16;
  // Bounds the walk of a dictionary for words that nobody would type.
  private static final int MAXIMUM_STEPS = 20_000;
  private static final int MAXIMUM_NEAR = 1_024;

  private WordExpansion() {}

  /** The terms of {@code words}, each with the documents of all its words. */
  static Map<String, Long> terms(Collection<? extends Lexicon.Entry> words) {
    var terms = new HashMap<String, Long>();
    for (var entry : words) {
      terms.merge(entry.term(), entry.documents(), Long::sum);
    }
    return terms;
  }

  /** The most frequent words within {@code edits} of {@code word}, itself included. */
  static List<Lexicon.Entry> wordsNear(Lexicon words, String word, int edits, int limit) {
    var automaton = WordAutomaton.of(word, edits);
    var near = new ArrayList<Lexicon.Entry>();
    var page = List.<Lexicon.Entry>of();
    int at = 0;
    var wanted = automaton.first();
    for (int step = 0; wanted != null && step < MAXIMUM_STEPS; step++) {
      while (at < page.size() && Lexicon.ORDER.compare(page.get(at).word(), wanted) < 0) {
        at++;
      }
      if (at == page.size()) {
        page = List.copyOf(words.from(wanted, PAGE));
        at = 0;
        if (page.isEmpty()) {
          break;
        }
      }
      var entry = page.get(at);
      if (automaton.accepts(entry.word()) && near.size() < MAXIMUM_NEAR) {
        near.add(entry);
      }
      wanted = automaton.after(entry.word());
    }
    near.sort(
        Comparator.comparingLong(Lexicon.Entry::documents)
            .reversed()
            .thenComparing(Lexicon.Entry::word));
    return near.size() > limit ? near.subList(0, limit) : near;
  }
}
