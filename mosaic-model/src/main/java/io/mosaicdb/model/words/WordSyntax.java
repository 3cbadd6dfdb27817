package io.mosaicdb.model.words;

import io.mosaicdb.model.words.WordClause.Occurrence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code word +must -not "a phrase" "loose phrase"~3 begin* field:word}. Every text is a
 * query: what does not fit, unbalanced quotes and signs inside words included, is words. A sign
 * counts only at the start of a word, a name only before a colon and only if such a field exists.
 */
public final class WordSyntax {
  private final String text;
  private final Predicate<String> isField;
  private final List<WordClause> clauses = new ArrayList<>();
  private int at;

  private WordSyntax(String text, Predicate<String> isField) {
    this.text = text;
    this.isField = isField;
  }

  /** The clauses of {@code text} in its order; none for a text of spaces. */
  public static List<WordClause> read(String text, Predicate<String> isField) {
    var syntax = new WordSyntax(text, isField);
    while (syntax.skipSpace()) {
      syntax.readClause();
    }
    return List.copyOf(syntax.clauses);
  }

  /**
   * What {@code text} is about: its words without signs, quotes, stars and field names, and without
   * what must not occur. A text without any of these is returned as it is, and so is one of which
   * nothing would be left.
   */
  public static String plain(String text, Predicate<String> isField) {
    var clauses = read(text, isField);
    boolean plain =
        clauses.stream()
            .allMatch(clause ->
                clause instanceof WordClause.Words
                    && clause.occurrence() == Occurrence.PLAIN
                    && clause.field() == null);
    if (plain) {
      return text;
    }
    var words = new ArrayList<String>();
    for (var clause : clauses) {
      var stripped = clause.text().strip();
      if (clause.occurrence() != Occurrence.MUST_NOT && !stripped.isEmpty()) {
        words.add(stripped);
      }
    }
    return words.isEmpty() ? text : String.join(" ", words);
  }

  private boolean skipSpace() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    return at < text.length();
  }

  private void readClause() {
    var occurrence = readSign();
    var field = readField();
    if (text.charAt(at) == '"') {
      readPhrase(occurrence, field);
    } else {
      readWords(occurrence, field);
    }
  }

  private Occurrence readSign() {
    char sign = text.charAt(at);
    boolean signed =
        (sign == '+' || sign == '-')
            && at + 1 < text.length()
            && !isSpace(text.charAt(at + 1))
            && (at == 0 || isSpace(text.charAt(at - 1)));
    if (!signed) {
      return Occurrence.PLAIN;
    }
    at++;
    return sign == '+' ? Occurrence.MUST : Occurrence.MUST_NOT;
  }

  private @Nullable String readField() {
    int colon = wordEnd(at, ':');
    if (colon + 1 < text.length()
        && text.charAt(colon) == ':'
        && !isSpace(text.charAt(colon + 1))
        && isField.test(text.substring(at, colon))) {
      var field = text.substring(at, colon);
      at = colon + 1;
      return field;
    }
    return null;
  }

  private void readPhrase(Occurrence occurrence, @Nullable String field) {
    int start = at + 1;
    int close = text.indexOf('"', start);
    int end = close < 0 ? text.length() : close;
    at = close < 0 ? end : close + 1;
    int slop = close < 0 ? 0 : readSlop();
    clauses.add(
        new WordClause.Phrase(occurrence, field, text.substring(start, end), start, end, slop));
  }

  /** Reads {@code ~3} if it ends the word; anything else stays for what follows. */
  private int readSlop() {
    int end = wordEnd(at, '"');
    if (end - at < 2 || text.charAt(at) != '~') {
      return 0;
    }
    int slop = 0;
    for (int i = at + 1; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      slop = Math.min(slop * 10 + digit, WordClause.Phrase.MAXIMUM_SLOP);
    }
    at = end;
    return slop;
  }

  private void readWords(Occurrence occurrence, @Nullable String field) {
    int start = at;
    at = wordEnd(start, '"');
    var word = text.substring(start, at);
    int stars = word.length();
    while (stars > 0 && word.charAt(stars - 1) == '*') {
      stars--;
    }
    if (stars > 0 && stars < word.length()) {
      clauses.add(
          new WordClause.Prefix(occurrence, field, word.substring(0, stars), start, start + stars));
    } else {
      clauses.add(new WordClause.Words(occurrence, field, word, start, at, at == text.length()));
    }
  }

  /** Where the word from {@code from} ends: at a space, a quote, or {@code delimiter}. */
  private int wordEnd(int from, char delimiter) {
    int end = from;
    while (end < text.length()
        && text.charAt(end) != delimiter
        && text.charAt(end) != '"'
        && !isSpace(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }
}
