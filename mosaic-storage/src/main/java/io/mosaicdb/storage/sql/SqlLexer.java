package io.mosaicdb.storage.sql;

import io.mosaicdb.storage.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a statement into tokens by the rules of SQLite's own tokenizer, and refuses what those rules
 * leave to chance: unfinished comments and strings, named parameters, characters that belong to no
 * token.
 */
final class SqlLexer {
  private static final String[] LONG_SYMBOLS = {
    "->>", "->", "||", "<=", ">=", "<>", "<<", ">>", "!=", "=="
  };
  private static final String SYMBOLS = "(),;.+-*/%<>=&|~";

  private final String sql;
  private int at;

  private SqlLexer(String sql) {
    this.sql = sql;
  }

  static List<SqlToken> tokens(String sql) {
    return new SqlLexer(sql).read();
  }

  private List<SqlToken> read() {
    var tokens = new ArrayList<SqlToken>();
    while (true) {
      skipSpaceAndComments();
      if (at == sql.length()) {
        return tokens;
      }
      int start = at;
      var kind = next();
      tokens.add(new SqlToken(kind, sql.substring(start, at), start));
    }
  }

  private void skipSpaceAndComments() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        at++;
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end + 1;
      } else if (sql.startsWith("/*", at)) {
        int end = sql.indexOf("*/", at + 2);
        if (end < 0) {
          throw fault("has a comment that does not end");
        }
        at = end + 2;
      } else {
        return;
      }
    }
  }

  private Kind next() {
    char c = sql.charAt(at);
    if ((c == 'x' || c == 'X') && at + 1 < sql.length() && sql.charAt(at + 1) == '\'') {
      at++;
      skipQuoted('\'');
      return Kind.BLOB;
    }
    if (c == '\'') {
      skipQuoted('\'');
      return Kind.STRING;
    }
    if (c == '"' || c == '`') {
      skipQuoted(c);
      return Kind.QUOTED_NAME;
    }
    if (c == '[') {
      int end = sql.indexOf(']', at);
      if (end < 0) {
        throw fault("has a name in brackets that does not end");
      }
      at = end + 1;
      return Kind.QUOTED_NAME;
    }
    if (isDigit(c) || (c == '.' && at + 1 < sql.length() && isDigit(sql.charAt(at + 1)))) {
      skipNumber();
      return Kind.NUMBER;
    }
    if (c == '?') {
      at++;
      while (at < sql.length() && isDigit(sql.charAt(at))) {
        at++;
      }
      return Kind.PARAMETER;
    }
    if (c == ':' || c == '@' || c == '$' || c == '#') {
      throw fault("has the parameter '" + c + "…': parameters are ? or ?1, ?2, …");
    }
    if (isNamePart(c)) {
      while (at < sql.length() && isNamePart(sql.charAt(at))) {
        at++;
      }
      return Kind.WORD;
    }
    for (String symbol : LONG_SYMBOLS) {
      if (sql.startsWith(symbol, at)) {
        at += symbol.length();
        return Kind.SYMBOL;
      }
    }
    if (SYMBOLS.indexOf(c) >= 0) {
      at++;
      return Kind.SYMBOL;
    }
    throw fault("has the character U+%04X, which means nothing here".formatted((int) c));
  }

  private void skipQuoted(char quote) {
    int from = at + 1;
    while (true) {
      int end = sql.indexOf(quote, from);
      if (end < 0) {
        throw fault("has a quote " + quote + " that does not end");
      }
      if (end + 1 < sql.length() && sql.charAt(end + 1) == quote) {
        from = end + 2;
      } else {
        at = end + 1;
        return;
      }
    }
  }

  private void skipNumber() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      boolean sign =
          (c == '+' || c == '-')
              && (sql.charAt(at - 1) == 'e' || sql.charAt(at - 1) == 'E')
              && !sql.regionMatches(true, numberStart(), "0x", 0, 2);
      if (!isNamePart(c) && c != '.' && !sign) {
        return;
      }
      at++;
    }
  }

  private int numberStart() {
    int start = at;
    while (start > 0 && (isNamePart(sql.charAt(start - 1)) || sql.charAt(start - 1) == '.')) {
      start--;
    }
    return start;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNamePart(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private SqlException fault(String what) {
    return SqlException.statement("the statement " + what + ", at character " + (at + 1));
  }
}
