package io.mosaicdb.embedding.passage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mosaicdb.embedding.backend.TokenCounter;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PassageSplitterTest {
  /** A token for every started eight chars of a word; one more if a text has several words. */
  private static final TokenCounter TOKENS =
      new TokenCounter() {
        @Override
        public int count(String text) {
          int tokens = 0;
          String[] words = text.strip().split("\\s+", -1);
          for (String word : words) {
            tokens += (word.length() + 7) / 8;
          }
          return tokens + (words.length > 1 ? 1 : 0);
        }

        @Override
        public int added() {
          return 2;
        }
      };

  @Test
  void leavesAShortTextWhole() {
    assertThat(splitter(64, 8).split("Title", "  One sentence. And another. \n"))
        .containsExactly(new Passage(2, 28, "Title\nOne sentence. And another."));
  }

  @Test
  void cutsAtSentencesAndRepeatsTheLastOne() {
    String text =
        "Alpha one two three. Beta one two three. Gamma one two three. Delta one two three.";

    List<Passage> passages = splitter(16, 6).split(null, text);

    assertThat(passages)
        .extracting(Passage::embedded)
        .containsExactly(
            "Alpha one two three. Beta one two three.",
            "Beta one two three. Gamma one two three.",
            "Gamma one two three. Delta one two three.");
  }

  @Test
  void cutsALongSentenceAtLinesAndThenAtWords() {
    String text = "a list\n" + "word ".repeat(40) + "\nlast line";

    List<Passage> passages = splitter(32, 0).split(null, text);

    assertThat(passages).hasSizeGreaterThan(1);
    assertThat(passages).allSatisfy(p -> assertThat(p.embedded()).doesNotStartWith("ord"));
    assertThat(passages.getFirst().embedded()).startsWith("a list\nword");
    assertThat(passages.getLast().embedded()).endsWith("last line");
  }

  @Test
  void cutsAnEndlessWordBetweenCodePoints() {
    String text = "🙂".repeat(500);

    List<Passage> passages = splitter(32, 4).split(null, text);

    assertThat(passages).hasSizeGreaterThan(1);
    assertThat(passages)
        .allSatisfy(p -> assertThat(p.embedded().codePoints()).containsOnly("🙂".codePointAt(0)));
  }

  @Test
  void standsForTheTitleWhereThereIsNoText() {
    assertThat(splitter(64, 8).split(" Only a title ", " \n "))
        .containsExactly(new Passage(0, 0, "Only a title"));
    assertThat(splitter(64, 8).split(" ", "")).isEmpty();
    assertThat(splitter(64, 8).split(null, "")).isEmpty();
  }

  @Test
  void readsOnlyTheBeginningOfALongTitle() {
    List<Passage> passages = splitter(64, 8).split("title ".repeat(100), "Text.");

    assertThat(passages).hasSize(1);
    assertThat(passages.getFirst().embedded()).matches("(title ){5,14}title\nText\\.");
  }

  @Test
  void putsThePrefixBeforeTheTitle() {
    var splitter = new PassageSplitter(TOKENS, "passage: ", 64, 8);

    assertThat(splitter.split("T", "Text.").getFirst().embedded()).isEqualTo("passage: T\nText.");
    assertThat(splitter.split(null, "Text.").getFirst().embedded()).isEqualTo("passage: Text.");
  }

  @Test
  void refusesAnOverlapThatLeavesNoRoom() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> splitter(64, 33))
        .withMessage(
            "passage overlap must be between 0 and half of the passage's 64 tokens, got 33");
  }

  @Test
  void coversRandomTextsInOrderAndWithinTheLimit() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      int maxTokens = 32 + random.nextInt(64);
      int overlap = random.nextInt(maxTokens / 2);
      String title = random.nextBoolean() ? null : randomText(random, 40);
      String text = randomText(random, 1_500);

      List<Passage> passages = splitter(maxTokens, overlap).split(title, text);

      assertThat(fault(title, text, passages, maxTokens))
          .as("seed %d, round %d", seed, round)
          .isEmpty();
    }
  }

  /** What is wrong with a text's passages; empty if nothing is. */
  private static String fault(
      @Nullable String title, String text, List<Passage> passages, int maxTokens) {
    if (text.isBlank()) {
      boolean right = passages.size() == (title == null || title.isBlank() ? 0 : 1);
      return right ? "" : "blank text gives " + passages;
    }
    int covered = 0;
    int lastStart = -1;
    for (Passage passage : passages) {
      if (passage.start() <= lastStart || passage.end() <= covered) {
        return passage + " does not go on from " + lastStart + " and " + covered;
      }
      if (passage.start() > covered && !text.substring(covered, passage.start()).isBlank()) {
        return "nothing covers from " + covered + " to " + passage.start();
      }
      if (!passage.embedded().endsWith(text.substring(passage.start(), passage.end()))) {
        return passage + " embeds something else than its stretch";
      }
      if (TOKENS.count(passage.embedded()) + TOKENS.added() > maxTokens) {
        return passage + " has more than " + maxTokens + " tokens";
      }
      if (partsAPair(text, passage.start()) || partsAPair(text, passage.end())) {
        return passage + " parts a surrogate pair";
      }
      covered = passage.end();
      lastStart = passage.start();
    }
    return text.substring(covered).isBlank() ? "" : "nothing covers from " + covered;
  }

  private static boolean partsAPair(String text, int index) {
    return index > 0
        && index < text.length()
        && Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
  }

  private static String randomText(Random random, int length) {
    String[] pieces = {
      "a",
      "word",
      "Word",
      "sentence. ",
      "end! ",
      "? ",
      " ",
      "  ",
      "\n",
      "\n\n",
      "\t",
      "🙂",
      "日本。",
      "é",
      "\uD83D",
      "\uDE42",
      "x".repeat(90),
      "1.5 ",
      "e.g. ",
      "\u00A0",
      "\u2003"
    };
    var text = new StringBuilder();
    int target = random.nextInt(length);
    while (text.length() < target) {
      text.append(pieces[random.nextInt(pieces.length)]);
      if (random.nextInt(3) == 0) {
        text.append(' ');
      }
    }
    return text.toString();
  }

  private static PassageSplitter splitter(int maxTokens, int overlap) {
    return new PassageSplitter(TOKENS, "", maxTokens, overlap);
  }
}
