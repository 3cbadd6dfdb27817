package io.mosaicdb.storage.text;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** Remembers the token that passes, which the filters behind it will change. */
final class WordTap extends TokenFilter {
  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
  private char[] word = new char[32];
  private int length;

  WordTap(TokenStream input) {
    super(input);
  }

  @Override
  public boolean incrementToken() throws IOException {
    if (!input.incrementToken()) {
      return false;
    }
    length = term.length();
    if (length > word.length) {
      word = Arrays.copyOf(word, length * 2);
    }
    System.arraycopy(term.buffer(), 0, word, 0, length);
    return true;
  }

  char[] word() {
    return word;
  }

  int length() {
    return length;
  }
}
