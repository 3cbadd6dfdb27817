package io.mosaicdb.storage.text;

import static io.mosaicdb.storage.text.AbstractTextSegmentTest.TITLE_AND_TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.storage.text.TextQuery.Bool;
import io.mosaicdb.storage.text.TextQuery.Phrase;
import io.mosaicdb.storage.text.TextQuery.PhraseTerm;
import io.mosaicdb.storage.text.TextQuery.Term;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextQueryParserTest {
  private static final List<String> BOTH = List.of("title", "text");
  private final TextQueryParser parser = new TextQueryParser(TITLE_AND_TEXT);

  @Test
  void readsWordsAsAlternatives() {
    assertThat(parser.parse("Running dogs"))
        .isEqualTo(TextQuery.anyOf(List.of(new Term(BOTH, "run"), new Term(BOTH, "dog"))));
  }

  @Test
  void readsQuotesSignsAndFields() {
    assertThat(parser.parse("+\"red apple\" -pear title:plum well-known"))
        .isEqualTo(
            new Bool(
                List.of(
                    new Phrase(BOTH, List.of(new PhraseTerm("red", 0), new PhraseTerm("appl", 1)))),
                List.of(
                    new Term(List.of("title"), "plum"),
                    new Term(BOTH, "well"),
                    new Term(BOTH, "known")),
                List.of(new Term(BOTH, "pear")),
                0));
  }

  @Test
  void treatsWhatIsNoOperatorAsText() {
    assertThat(parser.parse("http://example.org")).isInstanceOf(Bool.class);
    assertThat(parser.parse("year:2024 x:"))
        .isEqualTo(
            TextQuery.anyOf(
                List.of(new Term(BOTH, "year"), new Term(BOTH, "2024"), new Term(BOTH, "x"))));
    assertThat(parser.parse("\"unbalanced")).isEqualTo(new Term(BOTH, "unbalanc"));
    assertThat(parser.parse("+ - \" \"\"").isNothing()).isTrue();
  }

  @Test
  void asksForAllWordsWhereTold() {
    var options = new TextQueryParser.Options(true, false, List.of("text"));
    var text = List.of("text");

    assertThat(parser.parse("red apple", options))
        .isEqualTo(TextQuery.allOf(List.of(new Term(text, "red"), new Term(text, "appl"))));
    assertThatThrownBy(
            () -> parser.parse("x", new TextQueryParser.Options(false, false, List.of("body"))))
        .hasMessageContaining("unknown text field body");
  }

  @Test
  void givesAWordOneTermForEachAnalyzer() {
    var fields =
        new IndexedFields(
            List.of(
                new IndexedField("text", 1, FieldAnalysis.of("en")),
                new IndexedField("exact", 1, FieldAnalysis.of("standard"))));

    assertThat(new TextQueryParser(fields).parse("+dogs"))
        .isEqualTo(
            TextQuery.allOf(
                List.of(
                    TextQuery.anyOf(
                        List.of(
                            new Term(List.of("text"), "dog"),
                            new Term(List.of("exact"), "dogs"))))));
  }

  @Test
  void neverThrowsWhateverIsTyped() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var pieces =
        List.of(
            "\"", "+", "-", ":", " ", "title:", "text", "a", "the", "\uD83D", "\u0301", "漢", "\t",
            "*");
    for (int round = 0; round < 3_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      var options = new TextQueryParser.Options(random.nextBoolean(), random.nextBoolean(), null);

      assertThat(parser.parse(text.toString(), options))
          .as("seed %d text %s", seed, text)
          .isNotNull();
    }
  }

  @Test
  void reachesTheLimitOfWordsWithoutFailing() {
    var text = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      text.append("word").append(i).append(' ');
    }
    var query = parser.parse(text.toString());

    assertThat(query.scoringLeaves()).hasSize(TextQueryParser.MAXIMUM_WORDS);
    var index = new LiveTextIndex(TITLE_AND_TEXT);
    index.add(List.of("", "word7"));
    var view = index.view(1);
    assertThat(view.search(query, view.statistics(query), 5, null).size()).isEqualTo(1);
  }
}
