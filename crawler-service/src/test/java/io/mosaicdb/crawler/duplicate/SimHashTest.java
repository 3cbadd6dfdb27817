package io.mosaicdb.crawler.duplicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SimHashTest {
  @Test
  void isEqualForTextsThatDifferInCaseAndSpaceOnly() {
    assertThat(SimHash.exact("Two  words\nhere ")).isEqualTo(SimHash.exact("two WORDS here"));
    assertThat(SimHash.exact("two words here")).isNotEqualTo(SimHash.exact("two words there"));
    assertThat(SimHash.exact("café")).isEqualTo(SimHash.exact("cafe\u0301"));
  }

  @Test
  void isTheSha256OfTheFoldedText() {
    assertThat(SimHash.exact(" ABC "))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void hasNoNearHashForShortTexts() {
    assertThat(SimHash.near("a few words are too few to be compared")).isZero();
    assertThat(SimHash.near(text(new Random(1), SimHash.MIN_WORDS))).isNotZero();
  }

  @Test
  void isNearForLongTextsOfOneChangedWordAndFarForOthers() {
    Random random = new Random(5);
    int near = 0;
    int far = 0;
    for (int i = 0; i < 100; i++) {
      List<String> words = new ArrayList<>(List.of(text(random, 1_000).split(" ", -1)));
      long hash = SimHash.near(String.join(" ", words));
      words.set(random.nextInt(words.size()), "changed");
      near +=
          SimHash.distance(hash, SimHash.near(String.join(" ", words))) <= SimHash.NEAR_BITS
              ? 1
              : 0;
      far += SimHash.distance(hash, SimHash.near(text(random, 1_000))) > 10 ? 1 : 0;
    }

    assertThat(near).isGreaterThanOrEqualTo(90);
    assertThat(far).isEqualTo(100);
  }

  @Test
  void takesIdeographsAsWords() {
    String text = "搜索引擎读取网页并把它们编入索引然后回答人们提出的问题这是一个很长的句子需要许多字";
    assertThat(SimHash.near(text)).isNotZero();
  }

  private static String text(Random random, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ").append("word").append(random.nextInt(5_000));
    }
    return text.toString();
  }
}
