package io.mosaicdb.storage.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mosaicdb.storage.bits.OrdinalSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every form of segment promises; sealed and live ones pass the same tests. */
abstract class AbstractTextSegmentTest {
  static final IndexedFields TITLE_AND_TEXT =
      new IndexedFields(
          List.of(
              new IndexedField("title", 3, FieldAnalysis.of("en")),
              new IndexedField("text", 1, FieldAnalysis.of("en"))));

  abstract TextSegment segment(IndexedFields fields, List<List<String>> documents);

  @Test
  void findsInflectedFormsAndRanksTheShorterDocumentFirst() {
    var segment =
        segment(
            TITLE_AND_TEXT,
            List.of(
                List.of("", "a dog that runs all day long through the whole wide garden"),
                List.of("", "cats sleep"),
                List.of("", "dogs running")));

    assertThat(search(segment, "run").ordinals()).containsExactly(2, 0);
  }

  @Test
  void matchesNothingByStopWordsAlone() {
    var segment = segment(TITLE_AND_TEXT, List.of(List.of("the", "the end of the world")));

    assertThat(search(segment, "the").size()).isZero();
    assertThat(search(segment, "the world").size()).isEqualTo(1);
    assertThat(search(segment, "").size()).isZero();
  }

  @Test
  void findsStopWordsAndExactFormsOnlyWhereTheFieldSaysSo() {
    var exact =
        new IndexedFields(
            List.of(new IndexedField("text", 1, new FieldAnalysis("en", false, false))));
    var segment = segment(exact, List.of(List.of("the dog runs"), List.of("a dog ran")));

    assertThat(search(segment, "the").ordinals()).containsExactly(0);
    assertThat(search(segment, "run").size()).isZero();
    assertThat(search(segment, "runs").ordinals()).containsExactly(0);
  }

  @Test
  void weightsOfFieldsDecideTheOrder() {
    var documents =
        List.of(
            List.of("planets and moons", "about a comet once"),
            List.of("about a comet once", "planets and moons"));
    var heavyTitle = segment(TITLE_AND_TEXT, documents);
    var heavyText =
        segment(
            new IndexedFields(
                List.of(
                    new IndexedField("title", 1, FieldAnalysis.of("en")),
                    new IndexedField("text", 3, FieldAnalysis.of("en")))),
            documents);

    assertThat(search(heavyTitle, "comet").ordinals()).containsExactly(1, 0);
    assertThat(search(heavyText, "comet").ordinals()).containsExactly(0, 1);
  }

  @Test
  void findsComposedTextByDecomposedQueryAndTheOtherWayRound() {
    var french = new IndexedFields(List.of(new IndexedField("text", 1, FieldAnalysis.of("fr"))));
    var segment = segment(french, List.of(List.of("un caf\u00e9 noir"), List.of("le the\u0301")));

    assertThat(search(segment, "cafe\u0301").ordinals()).containsExactly(0);
    assertThat(search(segment, "th\u00e9").ordinals()).containsExactly(1);
  }

  @Test
  void findsAChineseWordOfTwoCharactersInsideASentence() {
    var chinese = new IndexedFields(List.of(new IndexedField("text", 1, FieldAnalysis.of("zh"))));
    var segment = segment(chinese, List.of(List.of("我昨天在北京大学看书"), List.of("上海很大")));

    assertThat(search(segment, "北京").ordinals()).containsExactly(0);
    assertThat(search(segment, "上海").ordinals()).containsExactly(1);
  }

  @Test
  void findsPhrasesOnlyWhereTheWordsStandTogetherInOneField() {
    var segment =
        segment(
            TITLE_AND_TEXT,
            List.of(
                List.of("", "the quick brown fox"),
                List.of("", "a fox of brown colour, quick"),
                List.of("quick", "brown fox"),
                List.of("State of the art", "and more state of the art")));

    assertThat(search(segment, "\"quick brown\"").ordinals()).containsExactly(0);
    assertThat(search(segment, "\"state of the art\"").ordinals()).containsExactly(3);
    assertThat(search(segment, "\"state art\"").size()).isZero();
  }

  @Test
  void honoursMustAndMustNotAndFields() {
    var segment =
        segment(
            TITLE_AND_TEXT,
            List.of(
                List.of("red apple", "sweet"),
                List.of("green apple", "sour red"),
                List.of("pear", "red sweet")));

    assertThat(search(segment, "+apple sweet").ordinals()).containsExactly(0, 1);
    assertThat(search(segment, "red -apple").ordinals()).containsExactly(2);
    assertThat(search(segment, "title:red").ordinals()).containsExactly(0);
    assertThat(search(segment, "+red +sweet").ordinals()).containsExactlyInAnyOrder(0, 2);
    assertThat(search(segment, "-apple").size()).isZero();
    assertThat(search(segment, "+absent red").size()).isZero();
  }

  @Test
  void findsWordsOfAPhraseApartOnlyAsFarAsItsSlopAllows() {
    var segment =
        segment(
            TITLE_AND_TEXT,
            List.of(
                List.of("", "quick brown fox"),
                List.of("", "quick and very brown fox"),
                List.of("", "brown quick fox"),
                List.of("brown", "quick fox")));

    assertThat(search(segment, "\"quick brown\"").ordinals()).containsExactly(0);
    assertThat(search(segment, "\"quick brown\"~1").ordinals()).containsExactly(0);
    assertThat(search(segment, "\"quick brown\"~2").ordinals()).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(search(segment, "-\"quick brown\"~2 +fox").ordinals()).containsExactly(3);
  }

  @Test
  void aWordThatStandsOnceIsNotTwoWordsOfALoosePhrase() {
    var segment = segment(TITLE_AND_TEXT, List.of(List.of("", "so far"), List.of("", "far, far")));

    assertThat(search(segment, "\"far far\"~3").ordinals()).containsExactly(1);
  }

  @Test
  void findsTheBeginningOfAWordThoughTheStemIsShorter() {
    var segment =
        segment(
            TITLE_AND_TEXT,
            List.of(List.of("", "computation"), List.of("", "a company"), List.of("", "runs")));

    assertThat(search(segment, "computati*").ordinals()).containsExactly(0);
    assertThat(search(segment, "text:COMP*").ordinals()).containsExactlyInAnyOrder(0, 1);
    assertThat(search(segment, "+comp* -computat*").ordinals()).containsExactly(1);
    assertThat(search(segment, "title:comp*").size()).isZero();
    assertThat(search(segment, "*").size()).isZero();
  }

  @Test
  void findsMistypedWordsBelowThoseTypedWell() {
    var segment =
        segment(
            TITLE_AND_TEXT,
            List.of(
                List.of("", "quantum mechanics"),
                List.of("", "quartum fields and many other words that make it long"),
                List.of("", "nothing of the kind")));

    assertThat(searchMistyped(segment, "quantum").ordinals()).containsExactly(0, 1);
    assertThat(searchMistyped(segment, "qantum").ordinals()).containsExactly(0);
    assertThat(searchMistyped(segment, "machenics").ordinals()).containsExactly(0);
    assertThat(searchMistyped(segment, "uqantum").size()).isZero();
    assertThat(searchMistyped(segment, "\"qantum\"").size()).isZero();
    assertThat(searchMistyped(segment, "+qantum").size()).isZero();
    assertThat(search(segment, "qantum").size()).isZero();
  }

  @Test
  void correctsATypoInAnEnding() {
    var segment = segment(TITLE_AND_TEXT, List.of(List.of("", "running water"), List.of("", "x")));

    assertThat(searchMistyped(segment, "runnign").ordinals()).containsExactly(0);
  }

  @Test
  void aRequestsWeightsOfFieldsReplaceThoseOfTheSchema() {
    var segment =
        segment(
            TITLE_AND_TEXT,
            List.of(
                List.of("planets and moons", "about a comet once"),
                List.of("about a comet once", "planets and moons")));
    var parser = new TextQueryParser(TITLE_AND_TEXT);
    var weights = new TreeMap<>(Map.of("title", 1.0, "text", 3.0));
    var options = new TextQueryParser.Options(false, false, false, null, weights);

    assertThat(search(segment, "comet").ordinals()).containsExactly(1, 0);
    assertThat(search(segment, parser.parse("comet", options), 10, null).ordinals())
        .containsExactly(0, 1);
  }

  @Test
  void findsSynonymsInTheDirectionOfTheirRule() {
    var fields =
        new IndexedFields(
            List.of(
                new IndexedField(
                    "text",
                    1,
                    FieldAnalysis.of("en"),
                    List.of("cars, automobiles", "phone => iphone", "nyc, new york city"))));
    var segment =
        segment(
            fields,
            List.of(
                List.of("a red car"),
                List.of("an automobile"),
                List.of("my phone"),
                List.of("an iphone"),
                List.of("new york city hall"),
                List.of("nyc hall"),
                List.of("a new city")));

    var parser = new TextQueryParser(fields);

    assertThat(search(segment, parser.parse("automobile"), 10, null).ordinals())
        .containsExactlyInAnyOrder(0, 1);
    assertThat(search(segment, parser.parse("phone"), 10, null).ordinals())
        .containsExactlyInAnyOrder(2, 3);
    assertThat(search(segment, parser.parse("iphone"), 10, null).ordinals()).containsExactly(3);
    assertThat(search(segment, parser.parse("nyc"), 10, null).ordinals())
        .containsExactlyInAnyOrder(4, 5);
    assertThat(search(segment, parser.parse("new york city"), 10, null).ordinals())
        .containsExactlyInAnyOrder(4, 5, 6);
    var all = new TextQueryParser.Options(true, false, null);
    assertThat(search(segment, parser.parse("new york city hall", all), 10, null).ordinals())
        .containsExactlyInAnyOrder(4, 5);
    assertThat(search(segment, parser.parse("\"automobile\""), 10, null).ordinals())
        .containsExactly(1);
  }

  @Test
  void looksForTheSameTermsInAllSegments() {
    var whole = segment(TITLE_AND_TEXT, List.of(List.of("", "computer"), List.of("", "computing")));
    var first = segment(TITLE_AND_TEXT, List.of(List.of("", "computer")));
    var second = segment(TITLE_AND_TEXT, List.of(List.of("", "computing")));
    var query = new TextQueryParser(TITLE_AND_TEXT).parse("computi*");

    var expanded = first.expansions(query).merge(second.expansions(query)).applyTo(query);

    assertThat(expanded).isEqualTo(whole.expansions(query).applyTo(query));
    assertThat(search(first, expanded, 10, null).size()).isEqualTo(1);
    assertThat(search(first, query, 10, null).size()).isZero();
    assertThat(search(whole, query, 10, null).size()).isEqualTo(2);
  }

  @Test
  void suggestsWordsAsTheyAreSpelled() {
    var segment =
        segment(
            TITLE_AND_TEXT,
            List.of(
                List.of("Computing", "the computer computes"),
                List.of("", "Computers and a computer"),
                List.of("", "compost")));

    assertThat(Suggestions.complete(segment, "my COMP", 3).words())
        .containsExactly(
            new WordCount("computer", 2),
            new WordCount("compost", 1),
            new WordCount("computers", 1));
    assertThat(Suggestions.complete(segment, "my comp", 3).start()).isEqualTo(3);
    assertThat(Suggestions.complete(segment, "", 3).words()).isEmpty();
    assertThat(Suggestions.near(segment, "-compuetr compuetr*")).isEmpty();
    var typed = Suggestions.near(segment, "the title:compuetr");
    assertThat(typed).hasSize(1);
    assertThat(typed.getFirst().start()).isEqualTo(10);
    assertThat(typed.getFirst().documents()).isZero();
    assertThat(typed.getFirst().near())
        .contains(
            new Suggestions.NearWord("computer", 2, 1),
            new Suggestions.NearWord("computers", 1, 2));
  }

  @Test
  void findsOneChineseCharacterWhereAnotherFollows() {
    var chinese = new IndexedFields(List.of(new IndexedField("text", 1, FieldAnalysis.of("zh"))));
    var segment = segment(chinese, List.of(List.of("我昨天在北京大学看书"), List.of("上海很大")));

    assertThat(search(segment, "京").ordinals()).containsExactly(0);
    assertThat(search(segment, "北京大*").ordinals()).containsExactly(0);
  }

  @Test
  void tellsWhichDocumentsMeetTheSignsOfAQuery() {
    var segment =
        segment(
            TITLE_AND_TEXT,
            List.of(List.of("", "red apple"), List.of("", "green apple"), List.of("", "pear")));
    var parser = new TextQueryParser(TITLE_AND_TEXT);

    assertThat(parser.demands("red apple", TextQueryParser.Options.DEFAULT)).isNull();
    assertThat(demanded(parser, "pear +apple -green", segment)).containsExactly(0);
    assertThat(demanded(parser, "-apple red", segment)).containsExactly(2);
    assertThat(demanded(parser, "+absent", segment)).isEmpty();
  }

  private static List<Integer> demanded(TextQueryParser parser, String text, TextSegment segment) {
    var demands = parser.demands(text, TextQueryParser.Options.DEFAULT);
    var ordinals = new ArrayList<Integer>();
    assertThat(demands).isNotNull();
    demands.matching(segment).forEach(ordinals::add);
    return ordinals;
  }

  private static ScoredDocuments searchMistyped(TextSegment segment, String text) {
    var options =
        new TextQueryParser.Options(false, false, true, null, new TreeMap<String, Double>());
    return search(segment, new TextQueryParser(segment.fields()).parse(text, options), 10, null);
  }

  @Test
  void completesTheLastWord() {
    var segment =
        segment(
            TITLE_AND_TEXT,
            List.of(
                List.of("", "running shoes"), List.of("", "runner beans"), List.of("", "rustic")));
    var options = new TextQueryParser.Options(false, true, null);
    var parser = new TextQueryParser(TITLE_AND_TEXT);

    assertThat(search(segment, parser.parse("runne", options), 10, null).ordinals())
        .containsExactly(1);
    assertThat(search(segment, parser.parse("runni", options), 10, null).ordinals())
        .containsExactly(0);
    assertThat(search(segment, parser.parse("ru", options), 10, null).ordinals())
        .containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void countsAllMatchesThoughFewAreReturned() {
    var documents = new ArrayList<List<String>>();
    for (int i = 0; i < 500; i++) {
      documents.add(List.of("", i % 5 == 0 ? "apple pie" : "plum cake"));
    }
    var segment = segment(TITLE_AND_TEXT, documents);

    var found = search(segment, new TextQueryParser(TITLE_AND_TEXT).parse("apple"), 3, null);

    assertThat(found.totalMatches()).isEqualTo(100);
    assertThat(found.totalIsExact()).isTrue();
    assertThat(found.ordinals()).containsExactly(0, 5, 10);
    assertThat(search(segment, new TextQueryParser(TITLE_AND_TEXT).parse("apple"), 0, null))
        .satisfies(counted -> {
          assertThat(counted.size()).isZero();
          assertThat(counted.totalMatches()).isEqualTo(100);
        });
  }

  @Test
  void leavesOutWhatIsNotAcceptedWithoutChangingScores() {
    var segment =
        segment(
            TITLE_AND_TEXT,
            List.of(List.of("", "apple"), List.of("", "apple pie"), List.of("", "plum")));
    var query = new TextQueryParser(TITLE_AND_TEXT).parse("apple");
    var all = search(segment, query, 10, null);

    var some = search(segment, query, 10, OrdinalSet.all(3).without(0));

    assertThat(some.ordinals()).containsExactly(1);
    assertThat(some.scores()[0]).isEqualTo(all.scores()[1]);
    assertThat(some.totalMatches()).isEqualTo(1);
    assertThatThrownBy(() -> search(segment, query, 10, OrdinalSet.all(4)))
        .hasMessageContaining("accept has 4 ordinals");
  }

  @Test
  void isSearchableWhileEmpty() {
    var segment = segment(TITLE_AND_TEXT, List.of());

    assertThat(search(segment, "apple").size()).isZero();
    assertThat(segment.documentCount()).isZero();
  }

  @Test
  void acceptsDocumentsWithoutText() {
    var segment = segment(TITLE_AND_TEXT, List.of(List.of("", ""), List.of("", "apple")));

    assertThat(search(segment, "apple").ordinals()).containsExactly(1);
  }

  @Test
  void scoresByTheStatisticsOfTheWholeCollection() {
    var documents = randomDocuments(new Random(7), 300);
    var parser = new TextQueryParser(TITLE_AND_TEXT);
    var query = parser.parse("w1 w3 \"w2 w1\" w40");
    var whole = segment(TITLE_AND_TEXT, documents);
    var first = segment(TITLE_AND_TEXT, documents.subList(0, 120));
    var second = segment(TITLE_AND_TEXT, documents.subList(120, 300));

    var merged = first.statistics(query).merge(second.statistics(query));

    assertThat(merged).isEqualTo(whole.statistics(query));
    var expected = whole.search(query, merged, 300, null);
    var scores = new float[300];
    for (int i = 0; i < expected.size(); i++) {
      scores[expected.ordinals()[i]] = expected.scores()[i];
    }
    assertSameScores(first.search(query, merged, 300, null), scores, 0);
    assertSameScores(second.search(query, merged, 300, null), scores, 120);
  }

  @Test
  void refusesStatisticsOfAnotherQuery() {
    var segment = segment(TITLE_AND_TEXT, List.of(List.of("", "apple")));
    var parser = new TextQueryParser(TITLE_AND_TEXT);
    var statistics = segment.statistics(parser.parse("pear"));

    assertThatThrownBy(() -> segment.search(parser.parse("apple"), statistics, 1, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("title,text:appl");
  }

  @Test
  void agreesWithTheDefinitionOnRandomDocumentsAndQueries() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var mixed =
        new IndexedFields(
            List.of(
                new IndexedField("title", 3, FieldAnalysis.of("en")),
                new IndexedField("text", 1, FieldAnalysis.of("en")),
                new IndexedField("code", 2, FieldAnalysis.of("standard")),
                new IndexedField("note", 0.5, FieldAnalysis.of("standard"))));
    for (int round = 0; round < 12; round++) {
      var fields = round % 2 == 0 ? TITLE_AND_TEXT : mixed;
      var documents = randomDocuments(random, 1 + random.nextInt(150), fields.fields().size());
      var segment = segment(fields, documents);
      var oracle = new NaiveBm25(fields, documents);
      for (int i = 0; i < 15; i++) {
        var query = randomQuery(random, fields);
        var accept = random.nextInt(3) == 0 ? randomSet(random, documents.size()) : null;
        int k = 1 + random.nextInt(40);
        var expected = oracle.search(query, o -> accept == null || accept.contains(o));

        var found = search(segment, query, k, accept);

        var what = "seed " + seed + " round " + round + " query " + query + " k " + k;
        assertThat(found.totalMatches()).as(what).isEqualTo(expected.size());
        assertThat(found.size()).as(what).isEqualTo(Math.min(k, expected.size()));
        for (int rank = 0; rank < found.size(); rank++) {
          int ordinal = found.ordinals()[rank];
          assertThat((double) found.scores()[rank])
              .as(what + " rank " + rank)
              .isCloseTo(expected.get(rank).score(), within(1e-4));
          assertThat(scoreOf(ordinal, expected))
              .as(what + " ordinal " + ordinal)
              .isCloseTo(found.scores()[rank], within(1e-4));
        }
      }
    }
  }

  static ScoredDocuments search(TextSegment segment, String text) {
    return search(segment, new TextQueryParser(segment.fields()).parse(text), 10, null);
  }

  static ScoredDocuments search(
      TextSegment segment, TextQuery query, int k, @Nullable OrdinalSet accept) {
    return segment.search(query, segment.statistics(query), k, accept);
  }

  static List<List<String>> randomDocuments(Random random, int count) {
    return randomDocuments(random, count, 2);
  }

  /** Words w0, w1, … of which the first are the most frequent. */
  static List<List<String>> randomDocuments(Random random, int count, int fields) {
    return IntStream.range(0, count)
        .mapToObj(_ ->
            IntStream.range(0, fields)
                .mapToObj(field -> randomText(random, field == 0 ? 6 : 40))
                .toList())
        .toList();
  }

  private static String randomText(Random random, int maximumWords) {
    var words = new String[random.nextInt(maximumWords)];
    Arrays.setAll(words, _ -> randomWord(random));
    return String.join(" ", words);
  }

  static String randomWord(Random random) {
    double skewed = random.nextDouble();
    return "w" + (int) (60 * skewed * skewed * skewed);
  }

  private static TextQuery randomQuery(Random random, IndexedFields fields) {
    var text = new StringBuilder();
    for (int words = 1 + random.nextInt(6); words > 0; words--) {
      text.append(new String[] {"", "", "", "+", "-"}[random.nextInt(5)]);
      switch (random.nextInt(6)) {
        case 0 ->
            text.append('"')
                .append(randomWord(random))
                .append(' ')
                .append(randomWord(random))
                .append('"');
        case 1 -> text.append("title:").append(randomWord(random));
        default -> text.append(randomWord(random));
      }
      text.append(' ');
    }
    var parser = new TextQueryParser(fields);
    var options =
        new TextQueryParser.Options(
            random.nextInt(4) == 0,
            false,
            random.nextInt(4) == 0 ? List.of("text", "title") : null);
    var parsed = parser.parse(text.toString(), options);
    return switch (random.nextInt(8)) {
      case 0 ->
          new TextQuery.Bool(
              List.of(),
              List.of(parsed, parser.parse(randomWord(random)), parser.parse(randomWord(random))),
              List.of(),
              2);
      case 1 ->
          TextQuery.anyOf(
              List.of(parsed, new TextQuery.Prefix(List.of("text"), randomWord(random))));
      case 2 -> {
        // The words of these documents are too short to be mistyped in the parser's eyes.
        var word = randomWord(random) + random.nextInt(10);
        yield TextQuery.anyOf(
            List.of(
                parsed,
                new TextQuery.Near(List.of("title", "text"), word, word, 1 + random.nextInt(2))));
      }
      case 3 ->
          new TextQuery.Weighted(
              TextQuery.anyOf(
                  List.of(
                      parsed,
                      new TextQuery.AnyTerm(
                          List.of("title", "text"),
                          List.of(randomWord(random), randomWord(random))))),
              new TreeMap<>(Map.of("title", 0.25, "text", 4.0)));
      default -> parsed;
    };
  }

  private static OrdinalSet randomSet(Random random, int size) {
    var words = new long[OrdinalSet.wordsFor(size)];
    Arrays.setAll(words, _ -> random.nextLong());
    return OrdinalSet.wrap(words, size);
  }

  private static double scoreOf(int ordinal, List<NaiveBm25.Hit> hits) {
    return hits.stream()
        .filter(hit -> hit.ordinal() == ordinal)
        .findFirst()
        .map(NaiveBm25.Hit::score)
        .orElseThrow();
  }

  private static void assertSameScores(ScoredDocuments found, float[] scores, int offset) {
    assertThat(found.size()).isPositive();
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.scores()[i]).isEqualTo(scores[offset + found.ordinals()[i]]);
    }
  }
}
