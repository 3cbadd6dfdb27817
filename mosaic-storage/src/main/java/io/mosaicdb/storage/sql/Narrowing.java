package io.mosaicdb.storage.sql;

import io.mosaicdb.storage.sql.DocumentColumns.Origin;
import io.mosaicdb.storage.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every row of {@code documents} must meet that a statement can use, so that shards without
 * such a row need not be read.
 *
 * <p>Found only where it cannot be mistaken: {@code documents} is named once, as {@code FROM
 * documents [AS d] WHERE …}, and the condition is joined to the others there by AND, with nothing
 * about that binds otherwise. Every other statement has none and reads all shards.
 */
record Narrowing(List<Condition> conditions) {
  static final Narrowing NONE = new Narrowing(List.of());

  private static final Set<String> ENDS =
      Set.of("group", "having", "order", "limit", "window", "union", "intersect", "except");
  private static final Set<String> BINDS_OTHERWISE =
      Set.of("or", "between", "case", "is", "escape");

  sealed interface Condition {
    record HasId(String id) implements Condition {}

    /** {@code value} is a String for a TEXT column, a Long for an INTEGER one. */
    record HasValue(String column, Object value) implements Condition {}

    /** The words of {@code matching_<number>}. */
    record HasWords(int number) implements Condition {}
  }

  Narrowing {
    conditions = List.copyOf(conditions);
  }

  static Narrowing of(
      WordMatches matches, List<@Nullable Object> parameters, DocumentColumns columns) {
    var tokens = matches.statement().tokens();
    int table = -1;
    for (int i = 0; i < tokens.size(); i++) {
      // Before a dot it says whose a column is.
      boolean qualifies = i + 1 < tokens.size() && tokens.get(i + 1).isSymbol(".");
      if (!qualifies
          && tokens.get(i).mayBeName()
          && tokens.get(i).name().equals(DocumentColumns.DOCUMENTS)) {
        if (table >= 0) {
          return NONE;
        }
        table = i;
      }
    }
    if (table < 1 || !tokens.get(table - 1).isWord("from")) {
      return NONE;
    }
    int at = table + 1;
    var alias = DocumentColumns.DOCUMENTS;
    if (at < tokens.size() && tokens.get(at).isWord("as")) {
      at++;
    }
    if (at + 1 < tokens.size()
        && tokens.get(at).kind() == Kind.WORD
        && tokens.get(at + 1).isWord("where")) {
      alias = tokens.get(at).name();
      at++;
    }
    if (at >= tokens.size() || !tokens.get(at).isWord("where")) {
      return NONE;
    }
    return new Reader(matches, parameters, columns, alias).read(at + 1);
  }

  private static final class Reader {
    private final WordMatches matches;
    private final List<SqlToken> tokens;
    private final List<@Nullable Object> parameters;
    private final Map<Integer, Integer> numbers;
    private final DocumentColumns columns;
    private final String alias;
    private final List<Condition> conditions = new ArrayList<>();

    Reader(
        WordMatches matches,
        List<@Nullable Object> parameters,
        DocumentColumns columns,
        String alias) {
      this.matches = matches;
      this.tokens = matches.statement().tokens();
      this.parameters = parameters;
      this.numbers = WordMatches.parameterNumbers(tokens);
      this.columns = columns;
      this.alias = alias;
    }

    Narrowing read(int from) {
      int depth = 0;
      int start = from;
      int at = from;
      for (; at < tokens.size() && depth >= 0; at++) {
        var token = tokens.get(at);
        if (token.isSymbol("(")) {
          depth++;
        } else if (token.isSymbol(")")) {
          depth--;
          if (depth < 0) {
            break;
          }
        } else if (depth == 0 && token.kind() == Kind.WORD) {
          if (ENDS.contains(token.name())) {
            break;
          }
          if (BINDS_OTHERWISE.contains(token.name())) {
            return NONE;
          }
          if (token.isWord("and")) {
            add(start, at);
            start = at + 1;
          }
        }
      }
      add(start, at);
      return new Narrowing(conditions);
    }

    private void add(int from, int to) {
      if (from < to && WordMatches.callAt(tokens, from) == to - from) {
        boolean ofThese = to - from == 4 || columnIn(from + 2, to - 3, "id") != null;
        if (ofThese) {
          conditions.add(
              new Condition.HasWords(matches.calls().getOrDefault(tokens.get(from).start(), 0)));
        }
        return;
      }
      for (int i = from + 1; i < to - 1; i++) {
        if (tokens.get(i).isSymbol("=") || tokens.get(i).isSymbol("==")) {
          equal(from, i, to);
          return;
        }
      }
    }

    private void equal(int from, int sign, int to) {
      if (to - sign == 2) {
        equal(columnIn(from, sign, null), tokens.get(sign + 1));
      }
      if (sign - from == 1) {
        equal(columnIn(sign + 1, to, null), tokens.get(from));
      }
    }

    private void equal(DocumentColumns.@Nullable DocumentColumn column, SqlToken operand) {
      var value = value(operand);
      if (column == null || value == null) {
        return;
      }
      boolean comparable =
          (column.column().type().equals("TEXT") && value instanceof String)
              || (column.column().type().equals("INTEGER") && value instanceof Long);
      if (!comparable) {
        return;
      }
      if (column.column().name().equals("id") && value instanceof String id) {
        conditions.add(new Condition.HasId(id));
      } else if (column.origin() instanceof Origin.OfAttribute attribute && attribute.isScalar()) {
        conditions.add(new Condition.HasValue(attribute.name(), value));
      }
    }

    /** The column that the tokens name, {@code name} or {@code alias.name}; null if they do not. */
    private DocumentColumns.@Nullable DocumentColumn columnIn(
        int from, int to, @Nullable String wanted) {
      if (to - from == 3) {
        if (!tokens.get(from + 1).isSymbol(".") || !tokens.get(from).name().equals(alias)) {
          return null;
        }
      } else if (to - from != 1) {
        return null;
      }
      var token = tokens.get(to - 1);
      if (token.kind() != Kind.WORD && token.kind() != Kind.QUOTED_NAME) {
        return null;
      }
      var column = columns.find(token.name());
      return column == null || (wanted != null && !column.column().name().equals(wanted))
          ? null
          : column;
    }

    private @Nullable Object value(SqlToken token) {
      return switch (token.kind()) {
        case STRING -> token.unquoted();
        case NUMBER -> token.text().matches("\\d{1,18}") ? Long.valueOf(token.text()) : null;
        case PARAMETER ->
            switch (WordMatches.parameter(token, numbers, parameters)) {
              case String text -> text;
              case Integer number -> Long.valueOf(number);
              case Long number -> number;
              case null, default -> null;
            };
        case WORD, QUOTED_NAME, BLOB, SYMBOL -> null;
      };
    }
  }
}
