package io.mosaicdb.storage.text;

import java.util.List;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.LevenshteinAutomata;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.Transition;
import org.jspecify.annotations.Nullable;

/**
 * The words within a number of edits of one word: a letter more, less or other, or two neighbours
 * swapped, each counts one. An edit of the first letter counts two, since people rarely mistype it;
 * that also leaves most of a dictionary unread. Thread-safe.
 *
 * <p>It walks a dictionary by asking for the first word that it could accept, and from each word
 * that it meets for the next one: what lies between is skipped unread.
 */
final class WordAutomaton {
  static final int MAXIMUM_EDITS = 2;
  // What no word contains: below the letters and digits of any script.
  private static final int LEAST_LABEL = 0x21;

  private final Automaton automaton;

  private WordAutomaton(Automaton automaton) {
    this.automaton = automaton;
  }

  /** {@code edits}: 1 or {@value #MAXIMUM_EDITS}. */
  static WordAutomaton of(String word, int edits) {
    if (word.isEmpty() || edits < 1 || edits > MAXIMUM_EDITS) {
      throw new IllegalArgumentException(
          "a word and 1 to " + MAXIMUM_EDITS + " edits are needed, got \"" + word + "\", " + edits);
    }
    int first = word.offsetByCodePoints(0, 1);
    var rest = new LevenshteinAutomata(word.substring(first), true);
    var near = rest.toAutomaton(edits, word.substring(0, first));
    if (edits == MAXIMUM_EDITS) {
      near =
          Operations.union(List.of(near, new LevenshteinAutomata(word, true).toAutomaton(1, "")));
    }
    return new WordAutomaton(
        Operations.removeDeadStates(
            Operations.determinize(near, Operations.DEFAULT_DETERMINIZE_WORK_LIMIT)));
  }

  boolean accepts(String word) {
    int state = 0;
    for (int i = 0; i < word.length(); ) {
      int letter = word.codePointAt(i);
      state = automaton.step(state, letter);
      if (state < 0) {
        return false;
      }
      i += Character.charCount(letter);
    }
    return automaton.isAccept(state);
  }

  /** The least word accepted. */
  String first() {
    var word = new StringBuilder();
    complete(word, 0);
    return word.toString();
  }

  /** The least word accepted that is greater than {@code word}; null if there is none. */
  @Nullable String after(String word) {
    int[] letters = word.codePoints().toArray();
    var states = new int[letters.length + 1];
    int length = 0;
    while (length < letters.length) {
      int next = automaton.step(states[length], letters[length]);
      if (next < 0) {
        break;
      }
      states[++length] = next;
    }
    if (length == letters.length) {
      var longer = withGreaterLetter(letters, length, states[length], -1);
      if (longer != null) {
        return longer;
      }
      length--;
    }
    for (int at = length; at >= 0; at--) {
      var greater = withGreaterLetter(letters, at, states[at], letters[at]);
      if (greater != null) {
        return greater;
      }
    }
    return null;
  }

  /** The least word of {@code letters} up to {@code at}, then one greater than {@code bound}. */
  private @Nullable String withGreaterLetter(int[] letters, int at, int state, int bound) {
    var transition = new Transition();
    int best = Integer.MAX_VALUE;
    int target = -1;
    int count = automaton.initTransition(state, transition);
    for (int i = 0; i < count; i++) {
      automaton.getNextTransition(transition);
      int label = leastLabel(Math.max(transition.min, bound + 1));
      if (label <= transition.max && label < best) {
        best = label;
        target = transition.dest;
      }
    }
    if (target < 0) {
      return null;
    }
    var word = new StringBuilder().append(new String(letters, 0, at)).appendCodePoint(best);
    complete(word, target);
    return word.toString();
  }

  /** Appends the least ending that leads from {@code state} to acceptance. */
  private void complete(StringBuilder word, int start) {
    var transition = new Transition();
    int state = start;
    while (!automaton.isAccept(state)) {
      int count = automaton.initTransition(state, transition);
      int best = Integer.MAX_VALUE;
      int target = -1;
      for (int i = 0; i < count; i++) {
        automaton.getNextTransition(transition);
        int label = leastLabel(transition.min);
        if (label <= transition.max && label < best) {
          best = label;
          target = transition.dest;
        }
      }
      if (target < 0) {
        return;
      }
      word.appendCodePoint(best);
      state = target;
    }
  }

  private static int leastLabel(int label) {
    int least = Math.max(label, LEAST_LABEL);
    return least >= Character.MIN_SURROGATE && least <= Character.MAX_SURROGATE
        ? Character.MAX_SURROGATE + 1
        : least;
  }
}
