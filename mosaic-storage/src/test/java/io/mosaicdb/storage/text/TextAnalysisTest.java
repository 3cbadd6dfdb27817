package io.mosaicdb.storage.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.model.schema.StopWords;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TextAnalysisTest {
  @ParameterizedTest
  @CsvSource({
    "en, running, runs",
    "en, dog's, dogs",
    "de, Häuser, Hauser",
    "de, Katzen, Katze",
    "fr, l'amour, amour",
    "fr, chevaux, cheval",
    "es, casas, casa",
    "it, gatti, gatto",
    "pt, meninos, menino",
    "nl, lichamelijke, lichamelijk",
    "sv, klassen, klass",
    "no, bilen, bil",
    "da, husene, hus",
    "fi, talossa, talo",
    "ru, книгами, книга",
    "ar, الكتاب, كتاب",
    "tr, evler, ev",
    "tr, ISPARTA, ısparta",
    "hu, házak, ház",
    "ro, cărți, cărţi",
    "cs, hrady, hrad",
    "el, ΒΙΒΛΊΑ, βιβλία",
    "hi, किताबें, किताब",
  })
  void formsOfAWordHaveOneTerm(String language, String one, String other) {
    var analysis = TextAnalysis.of(FieldAnalysis.of(language));

    assertThat(terms(analysis, one)).isNotEmpty().isEqualTo(terms(analysis, other));
  }

  @ParameterizedTest
  @CsvSource({"zh, 我在北京, 北京", "ja, 東京都に住む, 東京", "ko, 서울대학교, 대학"})
  void aWordOfTwoCharactersIsFoundInsideASentence(String language, String sentence, String word) {
    var analysis = TextAnalysis.of(FieldAnalysis.of(language));

    assertThat(terms(analysis, sentence)).containsAll(terms(analysis, word));
  }

  static List<String> languages() {
    return List.copyOf(TextAnalysis.languages());
  }

  @ParameterizedTest
  @MethodSource("languages")
  void everyLanguageSurvivesAnyText(String language) {
    for (var options :
        List.of(FieldAnalysis.of(language), new FieldAnalysis(language, false, false))) {
      var analysis = TextAnalysis.of(options);

      assertThat(analysis.analyze("")).isEmpty();
      analysis.analyze("a \uD83D \uDE00 \0 \u0301 x".repeat(3));
      assertThat(analysis.analyze("Zebra 42")).hasSize(2);
      assertThat(analysis.analyze("x".repeat(5_000))).isNotEmpty();
    }
  }

  @Test
  void leavesOutTheThirtyThreeEnglishStopWordsButCountsTheirPlaces() {
    var tokens = TextAnalysis.of(FieldAnalysis.of("en")).analyze("The end of the world");

    assertThat(tokens).containsExactly(new Token("end", 1, 4, 7), new Token("world", 4, 15, 20));
  }

  @Test
  void keepsEverythingWhereBothAreOff() {
    var analysis = TextAnalysis.of(new FieldAnalysis("en", false, false));

    assertThat(terms(analysis, "The Running dogs")).containsExactly("the", "running", "dogs");
  }

  @Test
  void leavesOutAListOfOnesOwnInsteadOfTheLanguages() {
    var analysis =
        TextAnalysis.of(options(new StopWords.Listed(List.of("Dog", "x")), false, false));

    assertThat(terms(analysis, "The DOG runs")).containsExactly("the", "run");
  }

  @Test
  void keepsCaseWhereAskedButNotThatOfStopWords() {
    var analysis = TextAnalysis.of(options(new StopWords.OfLanguage(), true, false));

    assertThat(terms(analysis, "The US runs, us too")).containsExactly("US", "run", "us", "too");
  }

  @Test
  void foldsDiacriticsBeforeStemsAndStopWords() {
    var analysis =
        TextAnalysis.of(
            new FieldAnalysis("fr", true, new StopWords.OfLanguage(), false, true, 255));

    assertThat(terms(analysis, "préférence")).isEqualTo(terms(analysis, "preference"));
    assertThat(terms(analysis, "à A")).isEmpty();
    assertThat(terms(TextAnalysis.of(FieldAnalysis.of("fr")), "préférence"))
        .isNotEqualTo(terms(TextAnalysis.of(FieldAnalysis.of("fr")), "preference"));
  }

  @Test
  void cutsWordsThatAreLongerThanAllowed() {
    var analysis =
        TextAnalysis.of(
            new FieldAnalysis("standard", false, new StopWords.None(), false, false, 4));

    assertThat(terms(analysis, "abcdefghij xyz")).containsExactly("abcd", "efgh", "ij", "xyz");
  }

  @Test
  void everyOptionChangesTheIdAndNoneLeavesItAsItWas() {
    var ids =
        List.of(
            FieldAnalysis.of("en"),
            options(new StopWords.Listed(List.of("a")), false, false),
            options(new StopWords.Listed(List.of("b")), false, false),
            options(new StopWords.OfLanguage(), true, false),
            options(new StopWords.OfLanguage(), false, true),
            new FieldAnalysis("en", true, new StopWords.OfLanguage(), false, false, 40));

    assertThat(ids.stream().map(each -> TextAnalysis.of(each).analyzerId()))
        .doesNotHaveDuplicates();
    assertThat(TextAnalysis.of(options(new StopWords.OfLanguage(), false, false)).analyzerId())
        .isEqualTo(TextAnalysis.of(FieldAnalysis.of("en")).analyzerId());
  }

  private static FieldAnalysis options(
      StopWords stopWords, boolean caseSensitive, boolean folding) {
    return new FieldAnalysis("en", true, stopWords, caseSensitive, folding, 255);
  }

  @Test
  void keepsTheWordsBesideTheirTerms() {
    var words = TextAnalysis.of(FieldAnalysis.of("de")).analyzeWords("Die Häuser");

    assertThat(words).hasSize(1);
    assertThat(words.getFirst().word()).isEqualTo("häuser");
    assertThat(words.getFirst().token().term()).isEqualTo("haus");
  }

  @Test
  void composedAndDecomposedTextHaveTheSameTermsButTheirOwnOffsets() {
    var analysis = TextAnalysis.of(FieldAnalysis.of("fr"));

    var composed = analysis.analyze("pr\u00e9f\u00e9rence noire");
    var decomposed = analysis.analyze("pre\u0301fe\u0301rence noire");

    assertThat(decomposed.getFirst().term()).isEqualTo(composed.getFirst().term());
    assertThat(composed.getFirst().end()).isEqualTo(10);
    assertThat(decomposed.getFirst().end()).isEqualTo(12);
    assertThat(decomposed.get(1).start()).isEqualTo(13);
  }

  @Test
  void composesHangulAndKeepsOffsets() {
    var analysis = TextAnalysis.of(FieldAnalysis.of("ko"));

    var decomposed = analysis.analyze("\u1112\u1161\u11ab\u1100\u116e\u11a8");

    assertThat(decomposed).containsExactly(new Token("한국", 0, 0, 6));
  }

  @Test
  void identifiesWhatDecidesTheTerms() {
    assertThat(TextAnalysis.of(FieldAnalysis.of("en")).analyzerId())
        .matches("en\\+stem\\+stop/lucene-10\\.\\d+/1");
    assertThat(TextAnalysis.of(new FieldAnalysis("en", false, true)).analyzerId())
        .matches("en\\+stop/lucene-10\\.\\d+/1");
  }

  @Test
  void namesTheKnownLanguagesWhenAskedForAnother() {
    assertThatThrownBy(() -> FieldAnalysis.of("xx"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"xx\"")
        .hasMessageContaining("en, es");
  }

  private static List<String> terms(TextAnalysis analysis, String text) {
    return analysis.analyze(text).stream().map(Token::term).toList();
  }
}
