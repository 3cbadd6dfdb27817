package io.mosaicdb.storage.text;

import io.mosaicdb.model.words.WordClause;
import io.mosaicdb.model.words.WordClause.Occurrence;
import io.mosaicdb.model.words.WordSyntax;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a user typed into a search box, see {@link WordSyntax}: words are alternatives; {@code
 * "quoted words"} must stand together; {@code +word} must occur, {@code -word} must not; {@code
 * begin*} is the beginning of a word; {@code field:word} looks in one text field only. Anything
 * else, unbalanced quotes included, is words: every text is a query, and a text without terms (stop
 * words only, say) matches nothing. The first {@value #MAXIMUM_WORDS} words count.
 *
 * <p>Plain words also find their synonyms and, if asked for, words that they may be a mistyped form
 * of: with one edit from {@value #ONE_EDIT_FROM} letters, with two from {@value #TWO_EDITS_FROM}. A
 * word with a sign, in quotes, or with a digit is meant as it stands.
 */
public final class TextQueryParser {
  static final int MAXIMUM_WORDS = 1_024;
  static final int ONE_EDIT_FROM = 4;
  static final int TWO_EDITS_FROM = 8;
  private static final int LONGEST_MISTYPED = 30;

  /** Words that are looked up in dictionaries, in one query: beginnings and mistyped ones. */
  static final int MAXIMUM_EXPANDED = 32;

  /**
   * @param allWords whether every word must occur rather than any
   * @param prefixLastWord whether the last word, if nothing follows it, may go on: search as you
   *     type
   * @param typos whether words may be mistyped
   * @param fields the text fields to look in, null for all
   * @param weights the weights of fields instead of the schema's, for those named
   */
  public record Options(
      boolean allWords,
      boolean prefixLastWord,
      boolean typos,
      @Nullable List<String> fields,
      SortedMap<String, Double> weights) {
    public static final Options DEFAULT = new Options(false, false, null);

    public Options {
      weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
    }

    /** Words as typed, by the schema's weights. */
    public Options(boolean allWords, boolean prefixLastWord, @Nullable List<String> fields) {
      this(allWords, prefixLastWord, false, fields, Collections.emptySortedMap());
    }
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
    options.weights().keySet().forEach(fields::analysis);
    var query = new Reading(options).query(WordSyntax.read(text, fields::contains));
    return options.weights().isEmpty() ? query : new TextQuery.Weighted(query, options.weights());
  }

  /** The demands of {@code text}; null if it has no signs. */
  public @Nullable WordDemands demands(String text, Options options) {
    var signed =
        WordSyntax.read(text, fields::contains).stream()
            .filter(clause -> clause.occurrence() != Occurrence.PLAIN)
            .toList();
    if (signed.isEmpty()) {
      return null;
    }
    var reading = new Reading(options);
    var _ = reading.query(signed);
    return new WordDemands(
        reading.must.isEmpty() ? null : TextQuery.allOf(reading.must),
        reading.mustNot.isEmpty() ? null : TextQuery.anyOf(reading.mustNot));
  }

  /** A word of the query: what it is in each group of fields, and what it asks for. */
  private static final class Word {
    final Map<Integer, String> terms = new HashMap<>();
    final List<TextQuery> alternatives = new ArrayList<>();

    TextQuery query() {
      return alternatives.size() == 1 ? alternatives.getFirst() : TextQuery.anyOf(alternatives);
    }
  }

  /** Several words in a row that also mean something else. */
  private record Combination(int words, List<TextQuery> meanings) {}

  /** One pass over one text. */
  private final class Reading {
    private final Options options;
    private final List<TextQuery> must = new ArrayList<>();
    private final List<TextQuery> should = new ArrayList<>();
    private final List<TextQuery> mustNot = new ArrayList<>();
    private int expanded;

    Reading(Options options) {
      this.options = options;
    }

    TextQuery query(List<WordClause> clauses) {
      for (int i = 0; i < clauses.size(); ) {
        int end = i + 1;
        while (end < clauses.size() && continues(clauses.get(i), clauses.get(end))) {
          end++;
        }
        read(clauses.subList(i, end));
        i = end;
      }
      if (must.isEmpty() && mustNot.isEmpty() && should.size() == 1) {
        return should.getFirst();
      }
      return new TextQuery.Bool(must, should, mustNot, 0);
    }

    /** Plain words side by side may be a synonym together. */
    private static boolean continues(WordClause first, WordClause next) {
      return first instanceof WordClause.Words
          && next instanceof WordClause.Words
          && first.occurrence() == Occurrence.PLAIN
          && next.occurrence() == Occurrence.PLAIN
          && Objects.equals(first.field(), next.field());
    }

    private void read(List<WordClause> clauses) {
      var first = clauses.getFirst();
      var restriction = first.field() == null ? options.fields() : List.of(first.field());
      switch (first) {
        case WordClause.Phrase phrase ->
            add(first.occurrence(), phrase(phrase.text(), restriction, phrase.slop()));
        case WordClause.Prefix prefix ->
            add(first.occurrence(), prefix(prefix.text(), restriction));
        case WordClause.Words words when first.occurrence() == Occurrence.MUST_NOT ->
            add(first.occurrence(), phrase(words.text(), restriction, 0));
        case WordClause.Words _ -> readWords(clauses, restriction);
      }
    }

    private void readWords(List<WordClause> clauses, @Nullable List<String> restriction) {
      var occurrence = clauses.getFirst().occurrence();
      var words = new ArrayList<Word>();
      for (var clause : clauses) {
        boolean growing =
            options.prefixLastWord()
                && occurrence == Occurrence.PLAIN
                && clause instanceof WordClause.Words last
                && last.last();
        boolean typos = options.typos() && occurrence == Occurrence.PLAIN;
        words.addAll(words(clause.text(), restriction, growing, typos));
      }
      var combinations = applySynonyms(words, restriction);
      for (int i = 0; i < words.size(); ) {
        var combination = combinations.get(i);
        if (combination == null) {
          add(occurrence, words.get(i).query());
          i++;
          continue;
        }
        addCombination(occurrence, words.subList(i, i + combination.words()), combination);
        i += combination.words();
      }
    }

    private void addCombination(Occurrence occurrence, List<Word> words, Combination combination) {
      var typed = words.stream().map(Word::query).toList();
      if (isDemanded(occurrence)) {
        var alternatives = new ArrayList<TextQuery>();
        alternatives.add(TextQuery.allOf(typed));
        alternatives.addAll(combination.meanings());
        add(occurrence, TextQuery.anyOf(alternatives));
      } else {
        typed.forEach(query -> add(occurrence, query));
        combination.meanings().forEach(query -> add(occurrence, query));
      }
    }

    private boolean isDemanded(Occurrence occurrence) {
      return occurrence == Occurrence.MUST
          || (occurrence == Occurrence.PLAIN && options.allWords());
    }

    private void add(Occurrence occurrence, TextQuery query) {
      if (query.isNothing() || must.size() + should.size() + mustNot.size() >= MAXIMUM_WORDS) {
        return;
      }
      if (occurrence == Occurrence.MUST_NOT) {
        mustNot.add(query);
      } else if (isDemanded(occurrence)) {
        must.add(query);
      } else {
        should.add(query);
      }
    }

    /**
     * The words of a stretch without spaces. What analyzers differ about is one word if it starts
     * at the same character.
     */
    private List<Word> words(
        String stretch, @Nullable List<String> restriction, boolean growing, boolean typos) {
      var byStart = new TreeMap<Integer, Word>();
      for (var group : fields.groups()) {
        var names = fields.namesIn(group, restriction);
        if (names.isEmpty()) {
          continue;
        }
        for (var each : group.analysis().analyzeWords(stretch)) {
          var token = each.token();
          var word = byStart.computeIfAbsent(token.start(), _ -> new Word());
          word.terms.putIfAbsent(group.number(), token.term());
          word.alternatives.add(new TextQuery.Term(names, token.term()));
          if (group.analysis().makesPairs()) {
            if (isOneIdeograph(token.term()) && mayExpand()) {
              // In documents it is the half of pairs.
              word.alternatives.add(new TextQuery.Prefix(names, token.term()));
            }
          } else if (typos) {
            addNear(names, token.term(), each.word(), word);
          }
        }
        if (growing) {
          addPrefix(stretch, group, names, byStart);
        }
      }
      return List.copyOf(byStart.values());
    }

    private boolean mayExpand() {
      return expanded++ < MAXIMUM_EXPANDED;
    }

    private void addNear(List<String> names, String term, String typed, Word word) {
      int edits = editsAllowed(typed);
      if (edits > 0 && mayExpand()) {
        for (int i = 1; i <= edits; i++) {
          word.alternatives.add(new TextQuery.Near(names, term, typed, i));
        }
      }
    }

    /** A word that is still being typed must not be stemmed: it may go on differently. */
    private void addPrefix(
        String stretch, FieldGroup group, List<String> names, Map<Integer, Word> byStart) {
      var asTyped = group.asTyped().analyzeWords(stretch);
      if (!asTyped.isEmpty() && mayExpand()) {
        var last = asTyped.getLast();
        byStart
            .computeIfAbsent(last.token().start(), _ -> new Word())
            .alternatives
            .addAll(prefixes(names, last));
      }
    }

    /** Words are kept as they are spelled, terms with their spelling unified. */
    private static List<TextQuery> prefixes(List<String> names, TextAnalysis.WordToken typed) {
      var spelled = new TextQuery.Prefix(names, typed.word());
      return typed.word().equals(typed.token().term())
          ? List.of(spelled)
          : List.of(spelled, new TextQuery.Prefix(names, typed.token().term()));
    }

    private TextQuery prefix(String stretch, @Nullable List<String> restriction) {
      var alternatives = new ArrayList<TextQuery>();
      for (var group : fields.groups()) {
        var names = fields.namesIn(group, restriction);
        var asTyped = names.isEmpty() ? List.<TextAnalysis.WordToken>of() : asTyped(group, stretch);
        if (asTyped.isEmpty() || !mayExpand()) {
          continue;
        }
        var all = new ArrayList<TextQuery>();
        for (var before : asTyped.subList(0, asTyped.size() - 1)) {
          all.add(new TextQuery.Term(names, before.token().term()));
        }
        var last = prefixes(names, asTyped.getLast());
        all.add(last.size() == 1 ? last.getFirst() : TextQuery.anyOf(last));
        alternatives.add(all.size() == 1 ? all.getFirst() : TextQuery.allOf(all));
      }
      return anyOf(alternatives);
    }

    private List<TextAnalysis.WordToken> asTyped(FieldGroup group, String stretch) {
      var asTyped = group.asTyped().analyzeWords(stretch);
      return asTyped.size() > MAXIMUM_WORDS ? asTyped.subList(0, MAXIMUM_WORDS) : asTyped;
    }

    private TextQuery phrase(String quoted, @Nullable List<String> restriction, int slop) {
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
          alternatives.add(new TextQuery.Phrase(names, terms, slop));
        }
      }
      return anyOf(alternatives);
    }

    private static TextQuery anyOf(List<TextQuery> alternatives) {
      return switch (alternatives.size()) {
        case 0 -> TextQuery.Bool.NOTHING;
        case 1 -> alternatives.getFirst();
        default -> TextQuery.anyOf(alternatives);
      };
    }

    /** Widens single words to what they also mean, and finds those that mean it together. */
    private Map<Integer, Combination> applySynonyms(
        List<Word> words, @Nullable List<String> restriction) {
      var combinations = new HashMap<Integer, Combination>();
      for (var group : fields.groups()) {
        var bySynonyms = new LinkedHashMap<Synonyms, List<String>>();
        for (var name : fields.namesIn(group, restriction)) {
          var synonyms = fields.synonyms(name);
          if (!synonyms.isEmpty()) {
            bySynonyms.computeIfAbsent(synonyms, _ -> new ArrayList<>()).add(name);
          }
        }
        bySynonyms.forEach((synonyms, names) -> {
          for (int i = 0; i < words.size(); i++) {
            widen(words.get(i), group, synonyms, names);
            combine(words, i, group, synonyms, names, combinations);
          }
        });
      }
      return combinations;
    }

    private void widen(Word word, FieldGroup group, Synonyms synonyms, List<String> names) {
      var term = word.terms.get(group.number());
      if (term == null) {
        return;
      }
      var same = new ArrayList<String>();
      var phrases = new ArrayList<TextQuery>();
      for (var meaning : synonyms.of(List.of(term))) {
        if (meaning.size() == 1) {
          same.add(meaning.getFirst().term());
        } else {
          phrases.add(new TextQuery.Phrase(names, meaning));
        }
      }
      if (!same.isEmpty()) {
        same.addFirst(term);
        var typed = new TextQuery.Term(names, term);
        var any = new TextQuery.AnyTerm(names, same);
        // One word with all its meanings, unless other fields of the group have other rules.
        if (!Collections.replaceAll(word.alternatives, typed, any)) {
          word.alternatives.add(any);
        }
      }
      word.alternatives.addAll(phrases);
    }

    private void combine(
        List<Word> words,
        int from,
        FieldGroup group,
        Synonyms synonyms,
        List<String> names,
        Map<Integer, Combination> combinations) {
      int most = Math.min(synonyms.longest(), words.size() - from);
      for (int count = most; count > 1; count--) {
        var terms = new ArrayList<String>();
        for (var word : words.subList(from, from + count)) {
          var term = word.terms.get(group.number());
          terms.add(term == null ? "" : term);
        }
        var meanings = new ArrayList<TextQuery>();
        for (var meaning : synonyms.of(terms)) {
          meanings.add(
              meaning.size() == 1
                  ? new TextQuery.Term(names, meaning.getFirst().term())
                  : new TextQuery.Phrase(names, meaning));
        }
        var known = combinations.get(from);
        if (!meanings.isEmpty() && (known == null || known.words() <= count)) {
          if (known != null && known.words() == count) {
            meanings.addAll(0, known.meanings());
          }
          combinations.put(from, new Combination(count, meanings));
          return;
        }
      }
    }
  }

  /** How many edits a mistyped word may be away; 0 for short ones and those with digits. */
  static int editsAllowed(String word) {
    int letters = word.codePointCount(0, word.length());
    if (letters < ONE_EDIT_FROM
        || letters > LONGEST_MISTYPED
        || !word.codePoints().allMatch(Character::isLetter)) {
      return 0;
    }
    return letters < TWO_EDITS_FROM ? 1 : 2;
  }

  private static boolean isOneIdeograph(String term) {
    if (term.codePointCount(0, term.length()) != 1) {
      return false;
    }
    return switch (Character.UnicodeScript.of(term.codePointAt(0))) {
      case HAN, HIRAGANA, KATAKANA, HANGUL -> true;
      default -> false;
    };
  }
}
