package io.mosaicdb.storage.sql;

import io.mosaicdb.storage.sql.SqlToken.Kind;
import java.util.List;
import java.util.Set;

/**
 * A statement that is one question: a single {@code SELECT}, {@code VALUES}, or either after {@code
 * WITH}. That is all this class vouches for; {@link StatementCheck} asks SQLite itself for the
 * rest.
 *
 * @param text without the semicolon
 */
record SqlStatement(String text, List<SqlToken> tokens) {
  static final int MOST_CHARACTERS = 65_536;

  // Tables that come with SQLite under these names; they show the connection, not the documents.
  private static final Set<String> BUILT_IN_TABLES =
      Set.of("dbstat", "fts3tokenize", "fts4aux", "fts5vocab");

  SqlStatement {
    tokens = List.copyOf(tokens);
  }

  static SqlStatement parse(String sql) {
    if (sql.length() > MOST_CHARACTERS) {
      throw new SqlException(
          SqlException.Reason.TOO_LARGE,
          "the statement may have " + MOST_CHARACTERS + " characters, got " + sql.length());
    }
    var tokens = SqlLexer.tokens(sql);
    int last = tokens.size();
    while (last > 0 && tokens.get(last - 1).isSymbol(";")) {
      last--;
    }
    tokens = tokens.subList(0, last);
    if (tokens.isEmpty()) {
      throw SqlException.statement("the statement is empty");
    }
    requireOneStatement(tokens);
    requireQuestion(tokens);
    for (SqlToken token : tokens) {
      requireKnownTable(token);
    }
    return new SqlStatement(sql.substring(0, tokens.getLast().end()), tokens);
  }

  private static void requireOneStatement(List<SqlToken> tokens) {
    for (SqlToken token : tokens) {
      if (token.isSymbol(";")) {
        throw SqlException.statement(
            "only one statement is answered at a time, another begins at character "
                + (token.end() + 1));
      }
    }
  }

  private static void requireQuestion(List<SqlToken> tokens) {
    int verb = 0;
    if (tokens.getFirst().isWord("with")) {
      verb = afterCommonTables(tokens);
    }
    if (verb >= tokens.size()) {
      throw SqlException.statement("the statement ends after WITH");
    }
    var first = tokens.get(verb);
    if (!first.isWord("select") && !first.isWord("values")) {
      throw SqlException.statement(
          "only SELECT, VALUES and WITH … SELECT are answered, not "
              + first.text().substring(0, Math.min(40, first.text().length())));
    }
  }

  /** The token after {@code WITH [RECURSIVE] name [(columns)] AS [[NOT] MATERIALIZED] (…), …}. */
  private static int afterCommonTables(List<SqlToken> tokens) {
    int at = 1;
    if (at < tokens.size() && tokens.get(at).isWord("recursive")) {
      at++;
    }
    while (true) {
      // Up to the parenthesis of the query, which follows AS; a list of columns comes before it.
      while (at < tokens.size() && !tokens.get(at).isWord("as")) {
        at = tokens.get(at).isSymbol("(") ? afterParenthesis(tokens, at) : at + 1;
      }
      while (at < tokens.size() && !tokens.get(at).isSymbol("(")) {
        at++;
      }
      at = afterParenthesis(tokens, at);
      if (at < tokens.size() && tokens.get(at).isSymbol(",")) {
        at++;
      } else {
        return at;
      }
    }
  }

  private static int afterParenthesis(List<SqlToken> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      if (tokens.get(i).isSymbol("(")) {
        depth++;
      } else if (tokens.get(i).isSymbol(")") && --depth == 0) {
        return i + 1;
      }
    }
    return tokens.size();
  }

  private static void requireKnownTable(SqlToken token) {
    if (!token.mayBeName()) {
      return;
    }
    var name = token.name();
    boolean pragma = token.kind() != Kind.STRING && name.startsWith("pragma_");
    if (pragma || BUILT_IN_TABLES.contains(name)) {
      throw SqlException.statement(
          "there is no table "
              + name
              + " here"
              + (token.kind() == Kind.STRING ? "; as a value it must be a parameter" : ""));
    }
  }

  /** Whether {@code table} occurs, as a name of anything. */
  boolean mentions(String table) {
    return tokens.stream().anyMatch(token -> token.mayBeName() && token.name().equals(table));
  }
}
