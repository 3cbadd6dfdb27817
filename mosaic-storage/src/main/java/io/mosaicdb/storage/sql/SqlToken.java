package io.mosaicdb.storage.sql;

import java.util.Locale;

/**
 * A token of a statement.
 *
 * @param text as written
 * @param start where it begins in the statement, in UTF-16 units
 */
record SqlToken(Kind kind, String text, int start) {
  enum Kind {
    WORD,
    QUOTED_NAME,
    STRING,
    BLOB,
    NUMBER,
    PARAMETER,
    SYMBOL
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && text.equalsIgnoreCase(word);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  int end() {
    return start + text.length();
  }

  /** Whether SQLite may take the token for a name: it takes strings too where only a name fits. */
  boolean mayBeName() {
    return kind == Kind.WORD || kind == Kind.QUOTED_NAME || kind == Kind.STRING;
  }

  /** A word in lower case, else what stands between the quotes. */
  String name() {
    return switch (kind) {
      case QUOTED_NAME, STRING -> unquoted().toLowerCase(Locale.ROOT);
      case WORD, BLOB, NUMBER, PARAMETER, SYMBOL -> text.toLowerCase(Locale.ROOT);
    };
  }

  /** What stands between the quotes of a string or a quoted name. */
  String unquoted() {
    var inner = text.substring(1, text.length() - 1);
    return switch (text.charAt(0)) {
      case '\'' -> inner.replace("''", "'");
      case '"' -> inner.replace("\"\"", "\"");
      case '`' -> inner.replace("``", "`");
      default -> inner;
    };
  }
}
