package io.mosaicdb.storage.sql;

import io.mosaicdb.storage.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of {@code matches('words')} and {@code matches(d.id, 'words')} in a statement.
 *
 * <p>SQLite does not know which document a row is of, so the call becomes {@code id IN (SELECT id
 * FROM matching_1)}, and that table gets the ids of the documents that the word index finds.
 *
 * @param statement with the calls replaced
 * @param words the words of {@code matching_1}, {@code matching_2}, …
 * @param calls the number of the table, by where the call begins in the original
 */
record WordMatches(SqlStatement statement, List<String> words, Map<Integer, Integer> calls) {
  static final String TABLE = "matching_";
  private static final int MOST = 16;

  WordMatches {
    words = List.copyOf(words);
    calls = Map.copyOf(calls);
  }

  static WordMatches in(SqlStatement original, List<@Nullable Object> parameters) {
    var tokens = original.tokens();
    var numbers = parameterNumbers(tokens);
    var words = new ArrayList<String>();
    var calls = new HashMap<Integer, Integer>();
    var text = new StringBuilder();
    int copied = 0;
    for (int i = 0; i < tokens.size(); i++) {
      int length = callAt(tokens, i);
      if (length == 0) {
        continue;
      }
      var operand = tokens.get(i + length - 2);
      words.add(words(operand, numbers, parameters));
      calls.put(tokens.get(i).start(), words.size());
      // The parameter stays in the statement, so that the others keep their numbers.
      text.append(original.text(), copied, tokens.get(i).start())
          .append("(")
          .append(column(tokens, i, length))
          .append(" IN (SELECT id FROM ")
          .append(TABLE)
          .append(words.size())
          .append(" WHERE ")
          .append(operand.text())
          .append(" IS NOT NULL))");
      copied = tokens.get(i + length - 1).end();
    }
    if (words.size() > MOST) {
      throw new SqlException(
          SqlException.Reason.TOO_LARGE,
          "a statement may have " + MOST + " matches(), this has " + words.size());
    }
    text.append(original.text().substring(copied));
    return new WordMatches(
        words.isEmpty() ? original : new SqlStatement(text.toString(), tokens), words, calls);
  }

  /** How many tokens the call at {@code at} has, 0 if there is none. */
  static int callAt(List<SqlToken> tokens, int at) {
    if (!tokens.get(at).isWord("matches")
        || at + 3 >= tokens.size()
        || !tokens.get(at + 1).isSymbol("(")) {
      return 0;
    }
    int operand = at + 2;
    if (isName(tokens.get(operand))) {
      operand++;
      if (operand + 1 < tokens.size()
          && tokens.get(operand).isSymbol(".")
          && isName(tokens.get(operand + 1))) {
        operand += 2;
      }
      if (operand >= tokens.size() || !tokens.get(operand).isSymbol(",")) {
        return 0;
      }
      operand++;
    }
    boolean whole =
        operand + 1 < tokens.size()
            && (tokens.get(operand).kind() == Kind.STRING
                || tokens.get(operand).kind() == Kind.PARAMETER)
            && tokens.get(operand + 1).isSymbol(")");
    return whole ? operand + 2 - at : 0;
  }

  private static boolean isName(SqlToken token) {
    return token.kind() == Kind.WORD || token.kind() == Kind.QUOTED_NAME;
  }

  private static String column(List<SqlToken> tokens, int call, int length) {
    var column = new StringBuilder();
    for (int i = call + 2; i < call + length - 3; i++) {
      column.append(tokens.get(i).text());
    }
    return column.isEmpty() ? "id" : column.toString();
  }

  private static String words(
      SqlToken operand, Map<Integer, Integer> numbers, List<@Nullable Object> parameters) {
    if (operand.kind() == Kind.STRING) {
      return operand.unquoted();
    }
    return switch (parameter(operand, numbers, parameters)) {
      case String text -> text;
      case null -> "";
      default ->
          throw new SqlException(
              SqlException.Reason.PARAMETERS, "must have a string for the words of matches()");
    };
  }

  /** The value of a parameter; null also where it was not given, which is refused elsewhere. */
  static @Nullable Object parameter(
      SqlToken token, Map<Integer, Integer> numbers, List<@Nullable Object> parameters) {
    int number = numbers.getOrDefault(token.start(), 0);
    return number < 1 || number > parameters.size() ? null : parameters.get(number - 1);
  }

  /** The number of each parameter, by where it stands: a bare ? is one more than the greatest. */
  static Map<Integer, Integer> parameterNumbers(List<SqlToken> tokens) {
    var numbers = new HashMap<Integer, Integer>();
    int greatest = 0;
    for (SqlToken token : tokens) {
      if (token.kind() != Kind.PARAMETER) {
        continue;
      }
      int number = greatest + 1;
      if (token.text().length() > 1) {
        // One that is too large for SQLite is refused by it.
        number = token.text().length() > 6 ? 0 : Integer.parseInt(token.text().substring(1));
      }
      greatest = Math.max(greatest, number);
      numbers.put(token.start(), number);
    }
    return numbers;
  }
}
