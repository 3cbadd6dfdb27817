package io.mosaicdb.storage.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WordAutomatonTest {
  @Test
  void acceptsWhatIsNearAndFindsAllOfItInADictionary() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      var dictionary = new TreeSet<>(Lexicon.ORDER);
      for (int i = 0; i < 400; i++) {
        dictionary.add(word(random));
      }
      var words = new ArrayList<>(dictionary);
      Lexicon lexicon =
          (start, limit) ->
              words.stream()
                  .filter(word -> Lexicon.ORDER.compare(word, start) >= 0)
                  .limit(limit)
                  .map(Entry::new)
                  .toList();
      for (int edits = 1; edits <= 2; edits++) {
        int most = edits;
        var typed = word(random);
        var expected = words.stream().filter(word -> NaiveBm25.isNear(typed, word, most)).toList();

        var found = WordExpansion.wordsNear(lexicon, typed, edits, 1_000);

        var what = "seed %d, %s with %d edits".formatted(seed, typed, edits);
        assertThat(found.stream().map(Lexicon.Entry::word))
            .as(what)
            .containsExactlyInAnyOrderElementsOf(expected);
        var automaton = WordAutomaton.of(typed, edits);
        assertThat(words.stream().filter(automaton::accepts)).as(what).isEqualTo(expected);
      }
    }
  }

  @Test
  void ordersWordsByCodePoint() {
    var words = new ArrayList<>(List.of("\uFF41", "\uD83D\uDE00", "z", "", "ab", "a"));

    words.sort(Lexicon.ORDER);

    assertThat(words).containsExactly("", "a", "ab", "z", "\uFF41", "\uD83D\uDE00");
  }

  private record Entry(String word) implements Lexicon.Entry {
    @Override
    public String term() {
      return word;
    }

    @Override
    public long documents() {
      return 1;
    }
  }

  /** Few letters, some of them beyond the Basic Multilingual Plane, so that many are near. */
  private static String word(Random random) {
    var letters = List.of("a", "b", "é", "\uFF41", "\uD83D\uDE00");
    var word = new StringBuilder();
    for (int i = 1 + random.nextInt(7); i > 0; i--) {
      word.append(letters.get(random.nextInt(letters.size())));
    }
    return word.toString();
  }
}
