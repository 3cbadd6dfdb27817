package io.mosaicdb.model.words;

import static io.mosaicdb.model.words.WordClause.Occurrence.MUST;
import static io.mosaicdb.model.words.WordClause.Occurrence.MUST_NOT;
import static io.mosaicdb.model.words.WordClause.Occurrence.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordSyntaxTest {
  private static final Set<String> FIELDS = Set.of("title", "text");

  @Test
  void readsEverySign() {
    assertThat(read("one +two -three four* title:five"))
        .containsExactly(
            new WordClause.Words(PLAIN, null, "one", 0, 3, false),
            new WordClause.Words(MUST, null, "two", 5, 8, false),
            new WordClause.Words(MUST_NOT, null, "three", 10, 15, false),
            new WordClause.Prefix(PLAIN, null, "four", 16, 20),
            new WordClause.Words(PLAIN, "title", "five", 28, 32, true));
  }

  @Test
  void readsPhrasesWithSlopAndField() {
    assertThat(read("\"a b\" -title:\"c d\"~3 \"e f\"~400 \"g h"))
        .containsExactly(
            new WordClause.Phrase(PLAIN, null, "a b", 1, 4, 0),
            new WordClause.Phrase(MUST_NOT, "title", "c d", 14, 17, 3),
            new WordClause.Phrase(PLAIN, null, "e f", 22, 25, 100),
            new WordClause.Phrase(PLAIN, null, "g h", 32, 35, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "C++, C++",
    "e-mail, e-mail",
    "a - b, a|-|b",
    "+, +",
    "*, *",
    "host:port, host:port",
    "title:, title:",
    "12:30, 12:30",
    "a*b, a*b",
  })
  void takesWhatDoesNotFitForWords(String text, String words) {
    assertThat(read(text))
        .allMatch(clause -> clause instanceof WordClause.Words && clause.occurrence() == PLAIN)
        .extracting(WordClause::text)
        .isEqualTo(List.of(words.split("\\|")));
  }

  @Test
  void whatFollowsATildeThatIsNoNumberIsAWord() {
    assertThat(read("\"a b\"~x")).extracting(WordClause::text).containsExactly("a b", "~x");
  }

  @Test
  void plainWordsAreWhatATextIsAbout() {
    assertThat(WordSyntax.plain("how  to mount a disk?", FIELDS::contains))
        .isEqualTo("how  to mount a disk?");
    assertThat(WordSyntax.plain("+mount \"a disk\"~2 title:linux fold* -windows", FIELDS::contains))
        .isEqualTo("mount a disk linux fold");
    assertThat(WordSyntax.plain("-windows", FIELDS::contains)).isEqualTo("-windows");
  }

  @Test
  void everyTextIsReadAndEveryClauseStandsInIt() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var pieces = List.of("\"", "+", "-", ":", " ", "title:", "~2", "~", "*", "a", "\uD83D", "漢");
    for (int round = 0; round < 5_000; round++) {
      var built = new StringBuilder();
      for (int i = random.nextInt(14); i > 0; i--) {
        built.append(pieces.get(random.nextInt(pieces.size())));
      }
      var text = built.toString();

      for (var clause : read(text)) {
        assertThat(text.substring(clause.start(), clause.end()))
            .as("seed %d text %s", seed, text)
            .isEqualTo(clause.text());
      }
    }
  }

  private static List<WordClause> read(String text) {
    return WordSyntax.read(text, FIELDS::contains);
  }
}
