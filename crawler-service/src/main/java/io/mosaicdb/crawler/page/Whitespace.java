package io.mosaicdb.crawler.page;

/** White space as readers see it: runs are one space, and what has no width is not there. */
final class Whitespace {
  private Whitespace() {}

  /** The text on one line, without space around it, of at most {@code maxLength} characters. */
  static String folded(String text, int maxLength) {
    StringBuilder result = new StringBuilder(Math.min(text.length(), maxLength));
    appendFolded(text, result);
    int length = result.length();
    if (length > 0 && result.charAt(length - 1) == ' ') {
      length--;
    }
    if (length > maxLength) {
      length = Character.isHighSurrogate(result.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
    }
    return result.substring(0, length);
  }

  /**
   * Appends text; its white space adds one space, and none where the target ends with one or is
   * empty.
   */
  static void appendFolded(String text, StringBuilder target) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isSpace(c)) {
        int last = target.length() - 1;
        if (last >= 0 && target.charAt(last) != ' ' && target.charAt(last) != '\n') {
          target.append(' ');
        }
      } else if (!isInvisible(c)) {
        target.append(c);
      }
    }
  }

  static boolean isSpace(char c) {
    return c <= ' ' || c == '\u00a0' || c == '\u0085' || c == '\u3000' || Character.isSpaceChar(c);
  }

  /**
   * Soft hyphen, zero-width space and joiner marks of no script, byte order mark, and what never is
   * a character.
   */
  static boolean isInvisible(char c) {
    return c == '\u00ad' || c == '\u200b' || c == '\u2060' || c == '\ufeff' || c == '\ufffe';
  }
}
