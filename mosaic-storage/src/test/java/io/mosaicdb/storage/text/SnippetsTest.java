package io.mosaicdb.storage.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnippetsTest {
  private static final IndexedFields ENGLISH = fields("en");
  private static final String FILLER =
      "Nothing of interest is said in this sentence about anything at all. ".repeat(12);

  @Test
  void marksStemmedMatchesInTheSentenceThatHasThem() {
    var text = FILLER + "The runner was running towards the river. " + FILLER;

    var snippet = one(ENGLISH, text, "runs river");

    assertThat(snippet.text()).contains("The runner was running towards the river.");
    assertThat(snippet.text().length()).isLessThanOrEqualTo(240);
    assertThat(marked(snippet)).containsExactly("running", "river");
    assertThat(text.substring(snippet.start(), snippet.end())).isEqualTo(snippet.text());
  }

  @Test
  void prefersManyWordsToOneWordManyTimes() {
    var text = "apple apple apple apple. " + FILLER + "An apple and a pear. " + FILLER;

    assertThat(marked(one(ENGLISH, text, "apple pear"))).containsExactly("apple", "pear");
  }

  @Test
  void startsAndEndsAtWords() {
    var words = "alpha beta gamma delta ".repeat(60);
    var text = words + "needle " + words;

    var snippet = one(ENGLISH, text, "needle");

    assertThat(snippet.text()).contains("needle").hasSizeBetween(180, 240);
    assertThat(List.of("alpha", "beta", "gamma", "delta"))
        .contains(snippet.text().substring(0, snippet.text().indexOf(' ')))
        .contains(snippet.text().substring(snippet.text().lastIndexOf(' ') + 1));
  }

  @Test
  void showsHowTheTextStartsWhereNothingMatches() {
    var snippet = one(ENGLISH, "First sentence here. " + FILLER, "absent");

    assertThat(snippet.text()).startsWith("First sentence here.").endsWith(".");
    assertThat(snippet.spans()).isEmpty();
    assertThat(new Snippets(ENGLISH).of("text", "  ", TextQuery.Bool.NOTHING, 2)).isEmpty();
  }

  @Test
  void givesSeveralFragmentsInTextOrderWithoutOverlap() {
    var text = "A pear here. " + FILLER + "An apple and a pear. " + FILLER + "Last, an apple.";

    var snippets = new Snippets(ENGLISH).of("text", text, query(ENGLISH, "apple pear"), 3);

    assertThat(snippets).hasSize(3);
    assertThat(snippets.get(0).text()).contains("A pear here.");
    assertThat(marked(snippets.get(1))).containsExactly("apple", "pear");
    assertThat(marked(snippets.get(2))).containsExactly("apple");
    assertThat(snippets.get(0).end()).isLessThanOrEqualTo(snippets.get(1).start());
    assertThat(snippets.get(1).end()).isLessThanOrEqualTo(snippets.get(2).start());
  }

  @Test
  void joinsTheOverlappingPairsOfAChineseWord() {
    var chinese = fields("zh");
    var text = "今天天气很好。".repeat(60) + "我在北京大学看书。" + "今天天气很好。".repeat(60);

    var snippet = one(chinese, text, "北京大学");

    assertThat(marked(snippet)).containsExactly("北京大学");
    assertThat(snippet.text()).startsWith("我在").endsWith("。");
  }

  @Test
  void marksDecomposedTextInItsOwnCharacters() {
    var snippet = one(fields("fr"), "un cafe\u0301 noir", "caf\u00e9");

    assertThat(marked(snippet)).containsExactly("cafe\u0301");
  }

  @Test
  void ignoresFieldsThatTheQueryDoesNotAskAndWordsItExcludes() {
    var snippet = one(ENGLISH, "apple pear plum", "title:apple pear -plum");

    assertThat(marked(snippet)).containsExactly("pear");
  }

  @Test
  void neverCutsWithinACharacterWhateverTheText() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var pieces =
        List.of(
            "needle",
            " ",
            ". ",
            "e\u0301",
            "\uD83D\uDE00",
            "漢字",
            "。",
            "\n",
            "word",
            "\uD842\uDFB7");
    for (int round = 0; round < 500; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(200); i >= 0; i--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      var snippets =
          new Snippets(ENGLISH, 20 + random.nextInt(60))
              .of("text", text.toString(), query(ENGLISH, "needle word"), 3);

      int previous = 0;
      for (var snippet : snippets) {
        var what = "seed " + seed + " text " + text;
        assertThat(snippet.start()).as(what).isGreaterThanOrEqualTo(previous);
        assertThat(snippet.text())
            .as(what)
            .isEqualTo(text.substring(snippet.start(), snippet.end()));
        assertThat(Character.isLowSurrogate(snippet.text().charAt(0))).as(what).isFalse();
        assertThat(Character.isHighSurrogate(snippet.text().charAt(snippet.text().length() - 1)))
            .as(what)
            .isFalse();
        int at = 0;
        for (var span : snippet.spans()) {
          assertThat(span.start()).as(what).isGreaterThanOrEqualTo(at).isLessThan(span.end());
          assertThat(span.end()).as(what).isLessThanOrEqualTo(snippet.text().length());
          at = span.end();
        }
        previous = snippet.end();
      }
    }
  }

  private static IndexedFields fields(String language) {
    return new IndexedFields(
        List.of(
            new IndexedField("title", 3, FieldAnalysis.of(language)),
            new IndexedField("text", 1, FieldAnalysis.of(language))));
  }

  private static TextQuery query(IndexedFields fields, String text) {
    return new TextQueryParser(fields).parse(text);
  }

  private static Snippet one(IndexedFields fields, String text, String query) {
    var snippets = new Snippets(fields).of("text", text, query(fields, query), 1);
    assertThat(snippets).hasSize(1);
    return snippets.getFirst();
  }

  private static List<String> marked(Snippet snippet) {
    return snippet.spans().stream()
        .map(span -> snippet.text().substring(span.start(), span.end()))
        .toList();
  }
}
