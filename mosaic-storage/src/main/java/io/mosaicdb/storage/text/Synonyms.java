package io.mosaicdb.storage.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a field's queries look for besides the words that were typed. A rule is {@code "a, b, c"},
 * where each finds the others, or {@code "a, b => c, d"}, where those on the left also find those
 * on the right. Sides are analyzed like the field, so that all forms of a word follow its rule; a
 * side of several words is found, and meant, as a phrase.
 *
 * <p>Documents know nothing of it: changing rules needs no new index.
 */
final class Synonyms {
  static final Synonyms NONE = new Synonyms(Map.of(), 0);
  private static final String ARROW = "=>";

  private final Map<List<String>, Set<List<TextQuery.PhraseTerm>>> expansions;
  private final int longest;

  private Synonyms(Map<List<String>, Set<List<TextQuery.PhraseTerm>>> expansions, int longest) {
    this.expansions = expansions;
    this.longest = longest;
  }

  /** A rule without a word on each side is an {@link IllegalArgumentException}. */
  static Synonyms of(TextAnalysis analysis, List<String> rules) {
    if (rules.isEmpty()) {
      return NONE;
    }
    var expansions = new HashMap<List<String>, Set<List<TextQuery.PhraseTerm>>>();
    int longest = 0;
    for (String rule : rules) {
      int arrow = rule.indexOf(ARROW);
      var left = sides(analysis, rule, arrow < 0 ? rule : rule.substring(0, arrow));
      var right = arrow < 0 ? left : sides(analysis, rule, rule.substring(arrow + ARROW.length()));
      if (arrow < 0 && left.size() < 2) {
        throw new IllegalArgumentException(
            "synonyms need two words or more in a rule, got \"" + rule + "\"");
      }
      for (var from : left) {
        var terms = from.stream().map(TextQuery.PhraseTerm::term).toList();
        longest = Math.max(longest, terms.size());
        var targets = expansions.computeIfAbsent(terms, _ -> new LinkedHashSet<>());
        right.stream().filter(to -> !to.equals(from)).forEach(targets::add);
      }
    }
    return new Synonyms(expansions, longest);
  }

  private static List<List<TextQuery.PhraseTerm>> sides(
      TextAnalysis analysis, String rule, String text) {
    var sides = new ArrayList<List<TextQuery.PhraseTerm>>();
    for (String side : text.split(",", -1)) {
      var terms = new ArrayList<TextQuery.PhraseTerm>();
      for (var token : analysis.analyze(side)) {
        terms.add(new TextQuery.PhraseTerm(token.term(), token.position()));
      }
      if (terms.isEmpty()) {
        throw new IllegalArgumentException(
            "synonyms need a word that is not a stop word between commas and =>, got \""
                + rule
                + "\"");
      }
      sides.add(terms);
    }
    return sides;
  }

  boolean isEmpty() {
    return expansions.isEmpty();
  }

  /** How many terms the longest side has that is looked for. */
  int longest() {
    return longest;
  }

  /** What {@code terms}, one after another, also mean. */
  Set<List<TextQuery.PhraseTerm>> of(List<String> terms) {
    return expansions.getOrDefault(terms, Set.of());
  }
}
