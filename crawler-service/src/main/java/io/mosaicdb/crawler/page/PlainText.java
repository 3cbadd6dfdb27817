package io.mosaicdb.crawler.page;

import java.util.ArrayList;
import java.util.List;

/**
 * A text without markup, or with Markdown's, which is read as text: only its headings are told
 * apart.
 */
record PlainText(String title, List<Heading> headings, String text) {
  private static final int MAX_TITLE = 200;

  static PlainText of(String characters, boolean markdown, int maxLength, List<String> cuts) {
    StringBuilder text = new StringBuilder(Math.min(characters.length(), maxLength));
    for (int i = 0; i < characters.length(); i++) {
      char c = characters.charAt(i);
      if (c == '\r') {
        if (i + 1 == characters.length() || characters.charAt(i + 1) != '\n') {
          text.append('\n');
        }
      } else if (c == '\n' || c == '\t' || (c >= ' ' && !Whitespace.isInvisible(c))) {
        text.append(c);
      }
    }
    String whole = text.toString().strip();
    if (whole.length() > maxLength) {
      cuts.add("the text is cut after %,d characters".formatted(maxLength));
      whole = whole.substring(0, maxLength);
    }
    List<Heading> headings = markdown ? headings(whole) : List.of();
    return new PlainText(title(whole, headings), headings, whole);
  }

  private static String title(String text, List<Heading> headings) {
    if (!headings.isEmpty()) {
      return headings.getFirst().text();
    }
    int end = text.indexOf('\n');
    return Whitespace.folded(end < 0 ? text : text.substring(0, end), MAX_TITLE);
  }

  /** Lines that begin with one to six number signs and a space, outside of fenced code. */
  private static List<Heading> headings(String text) {
    List<Heading> headings = new ArrayList<>();
    boolean code = false;
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("```") || line.startsWith("~~~")) {
        code = !code;
      }
      int level = 0;
      while (level < line.length() && line.charAt(level) == '#') {
        level++;
      }
      if (!code && level >= 1 && level <= 6 && level < line.length() && line.charAt(level) == ' ') {
        String words =
            Whitespace.folded(line.substring(level).replaceFirst(" #+\\s*$", ""), MAX_TITLE);
        if (!words.isEmpty()) {
          headings.add(new Heading(level, words));
        }
      }
    }
    return headings;
  }
}
