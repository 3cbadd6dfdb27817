package io.mosaicdb.storage.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a user typed into a search box. Words are alternatives; {@code "quoted words"} must
 * stand together; {@code +word} must occur, {@code -word} must not; {@code field:word} looks in one
 * text field only. Anything else, unbalanced quotes included, is words: every text is a query, and
 * a text without terms (stop words only, say) matches nothing. The first {@value #MAXIMUM_WORDS}
 * words count.
 */
public final class TextQueryParser {
  static final int MAXIMUM_WORDS = 1_024;

  /**
   * @param allWords whether every word must occur rather than any
   * @param prefixLastWord whether the last word, if nothing follows it, may go on: search as you
   *     type
   * @param fields the text fields to look in, null for all
   */
  public record Options(boolean allWords, boolean prefixLastWord, @Nullable List<String> fields) {
    public static final Options DEFAULT = new Options(false, false, null);
  }

  private final IndexedFields fields;

  public TextQueryParser(IndexedFields fields) {
    this.fields = fields;
  }

  public TextQuery parse(String text) {
    return parse(text, Options.DEFAULT);
  }

  /** Only a field in {@code options} that does not exist is an {@link IllegalArgumentException}. */
  public TextQuery parse(String text, Options options) {
    if (options.fields() != null) {
      options.fields().forEach(fields::analysis);
    }
    return new Reading(text, options).query();
  }

  private enum Occurrence {
    MUST,
    SHOULD,
    MUST_NOT
  }

  /** One pass over one text. */
  private final class Reading {
    private final String text;
    private final Options options;
    private final List<TextQuery> must = new ArrayList<>();
    private final List<TextQuery> should = new ArrayList<>();
    private final List<TextQuery> mustNot = new ArrayList<>();
    private int at;

    Reading(String text, Options options) {
      this.text = text;
      this.options = options;
    }

    TextQuery query() {
      while (skipSpace()) {
        readClause();
      }
      if (must.isEmpty() && mustNot.isEmpty() && should.size() == 1) {
        return should.getFirst();
      }
      return new TextQuery.Bool(must, should, mustNot, 0);
    }

    private boolean skipSpace() {
      while (at < text.length() && isSpace(text.charAt(at))) {
        at++;
      }
      return at < text.length();
    }

    private void readClause() {
      var occurrence = readSign();
      var restriction = readField();
      if (text.charAt(at) == '"') {
        int end = text.indexOf('"', at + 1);
        var quoted = text.substring(at + 1, end < 0 ? text.length() : end);
        at = end < 0 ? text.length() : end + 1;
        add(occurrence, phrase(quoted, restriction));
        return;
      }
      int from = at;
      while (at < text.length() && text.charAt(at) != '"' && !isSpace(text.charAt(at))) {
        at++;
      }
      var word = text.substring(from, at);
      if (occurrence == Occurrence.MUST_NOT) {
        add(occurrence, phrase(word, restriction));
      } else {
        boolean prefix =
            options.prefixLastWord() && at == text.length() && occurrence == Occurrence.SHOULD;
        words(word, restriction, prefix).forEach(query -> add(occurrence, query));
      }
    }

    private Occurrence readSign() {
      char sign = text.charAt(at);
      boolean signed =
          (sign == '+' || sign == '-')
              && at + 1 < text.length()
              && !isSpace(text.charAt(at + 1))
              && (at == 0 || isSpace(text.charAt(at - 1)));
      if (signed) {
        at++;
        return sign == '+' ? Occurrence.MUST : Occurrence.MUST_NOT;
      }
      return options.allWords() ? Occurrence.MUST : Occurrence.SHOULD;
    }

    private @Nullable List<String> readField() {
      int colon = at;
      while (colon < text.length()
          && text.charAt(colon) != ':'
          && text.charAt(colon) != '"'
          && !isSpace(text.charAt(colon))) {
        colon++;
      }
      if (colon + 1 < text.length()
          && text.charAt(colon) == ':'
          && !isSpace(text.charAt(colon + 1))
          && fields.contains(text.substring(at, colon))) {
        var field = List.of(text.substring(at, colon));
        at = colon + 1;
        return field;
      }
      return options.fields();
    }

    private void add(Occurrence occurrence, TextQuery query) {
      if (query.isNothing() || must.size() + should.size() + mustNot.size() >= MAXIMUM_WORDS) {
        return;
      }
      switch (occurrence) {
        case MUST -> must.add(query);
        case SHOULD -> should.add(query);
        case MUST_NOT -> mustNot.add(query);
      }
    }

    /**
     * The words of a stretch without spaces. What analyzers differ about is one word if it starts
     * at the same character.
     */
    private List<TextQuery> words(
        String stretch, @Nullable List<String> restriction, boolean prefix) {
      var byStart = new TreeMap<Integer, List<TextQuery>>();
      for (var group : fields.groups()) {
        var names = fields.namesIn(group, restriction);
        if (names.isEmpty()) {
          continue;
        }
        var tokens = group.analysis().analyze(stretch);
        for (var token : tokens) {
          byStart
              .computeIfAbsent(token.start(), _ -> new ArrayList<>())
              .add(new TextQuery.Term(names, token.term()));
        }
        if (prefix) {
          addPrefix(stretch, group, names, byStart);
        }
      }
      return byStart.values().stream()
          .map(same -> same.size() == 1 ? same.getFirst() : TextQuery.anyOf(same))
          .toList();
    }

    /** A word that is still being typed must not be stemmed: it may go on differently. */
    private void addPrefix(
        String stretch,
        FieldGroup group,
        List<String> names,
        Map<Integer, List<TextQuery>> byStart) {
      var analysis = group.analysis().analysis();
      var asTyped =
          TextAnalysis.of(new FieldAnalysis(analysis.language(), false, false)).analyze(stretch);
      if (!asTyped.isEmpty()) {
        var last = asTyped.getLast();
        byStart
            .computeIfAbsent(last.start(), _ -> new ArrayList<>())
            .add(new TextQuery.Prefix(names, last.term()));
      }
    }

    private TextQuery phrase(String quoted, @Nullable List<String> restriction) {
      var alternatives = new ArrayList<TextQuery>();
      for (var group : fields.groups()) {
        var names = fields.namesIn(group, restriction);
        if (names.isEmpty()) {
          continue;
        }
        var terms = new ArrayList<TextQuery.PhraseTerm>();
        for (var token : group.analysis().analyze(quoted)) {
          if (terms.size() < MAXIMUM_WORDS) {
            terms.add(new TextQuery.PhraseTerm(token.term(), token.position()));
          }
        }
        if (terms.size() == 1) {
          alternatives.add(new TextQuery.Term(names, terms.getFirst().term()));
        } else if (!terms.isEmpty()) {
          alternatives.add(new TextQuery.Phrase(names, terms));
        }
      }
      return switch (alternatives.size()) {
        case 0 -> TextQuery.Bool.NOTHING;
        case 1 -> alternatives.getFirst();
        default -> TextQuery.anyOf(alternatives);
      };
    }
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }
}
