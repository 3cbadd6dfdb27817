package io.mosaicdb.starter.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SurrogateCheckTest {
  @Test
  void acceptsWholeCharactersHoweverTheyAreCut() {
    for (var text :
        new String[] {
          "\"\\ud83d\\ude00\"", "\"😀 한 日\"", "\"\\\\ud800\"", "\"\\u0041\\n\"", "{}"
        }) {
      assertThat(accepts(text)).as(text).isTrue();
    }
  }

  @Test
  void refusesHalves() {
    for (var text :
        new String[] {
          "\"\\ud83d\"",
          "\"\\ude00\"",
          "\"\\ud83d\\ud83d\"",
          "\"\\ud83dx\"",
          "\"\\ud83d\\n\"",
          "\"\\ud83d"
        }) {
      assertThat(accepts(text)).as(text).isFalse();
    }
  }

  private static boolean accepts(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean whole = accepts(bytes, bytes.length);
    for (int piece = 1; piece < bytes.length; piece++) {
      assertThat(accepts(bytes, piece)).as("%s in pieces of %d", text, piece).isEqualTo(whole);
    }
    return whole;
  }

  private static boolean accepts(byte[] bytes, int piece) {
    var check = new SurrogateCheck();
    try {
      for (int i = 0; i < bytes.length; i += piece) {
        check.accept(bytes, i, Math.min(piece, bytes.length - i));
      }
      check.end();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
