package io.mosaicdb.storage.text;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows why a document matches: the stretches of a field with the most different words of the
 * query, cut where sentences or at least words begin and end, never within a character. Words of a
 * phrase are marked wherever they stand. Thread-safe.
 */
public final class Snippets {
  public static final int DEFAULT_LENGTH = 240;
  private static final double REPEATED_WORD = 0.1;

  private final IndexedFields fields;
  private final int length;

  public Snippets(IndexedFields fields) {
    this(fields, DEFAULT_LENGTH);
  }

  /** {@code length}: the most UTF-16 units that a snippet has. */
  public Snippets(IndexedFields fields, int length) {
    if (length < 20) {
      throw new IllegalArgumentException("length must be >= 20, got " + length);
    }
    this.fields = fields;
    this.length = length;
  }

  /**
   * The best {@code count} snippets in the order of the text, fewer if the text has no more to
   * show; where nothing matches, one: how the text starts. An empty text has none.
   */
  public List<Snippet> of(String field, String text, TextQuery query, int count) {
    if (text.isBlank() || count <= 0) {
      return List.of();
    }
    var remaining = matches(field, text, query);
    var all = List.copyOf(remaining);
    var windows = new ArrayList<Window>();
    while (windows.size() < count && !remaining.isEmpty()) {
      var window = place(text, best(remaining, windows), windows);
      windows.add(window);
      remaining.removeIf(match -> match.start < window.end && match.end > window.start);
    }
    if (windows.isEmpty()) {
      windows.add(trim(text, 0, endOf(text, 0, 0, Math.min(length, text.length()))));
    }
    windows.sort(Comparator.comparingInt(Window::start));
    return windows.stream().map(window -> snippet(text, window, all)).toList();
  }

  private record Match(int start, int end, String word) {}

  private record Window(int start, int end) {}

  private List<Match> matches(String field, String text, TextQuery query) {
    var terms = new HashSet<String>();
    var prefixes = new ArrayList<String>();
    var near = new LinkedHashMap<String, WordAutomaton>();
    for (var leaf : query.scoringLeaves().keySet()) {
      if (!leaf.fields().contains(field)) {
        continue;
      }
      switch (leaf) {
        case TextQuery.Term term -> terms.add(term.term());
        case TextQuery.AnyTerm any -> terms.addAll(any.terms());
        case TextQuery.Prefix prefix -> prefixes.add(prefix.prefix());
        case TextQuery.Near mistyped ->
            near.put(mistyped.word(), WordAutomaton.of(mistyped.word(), mistyped.edits()));
        case TextQuery.Phrase phrase -> phrase.terms().forEach(term -> terms.add(term.term()));
      }
    }
    var matches = new ArrayList<Match>();
    if (terms.isEmpty() && prefixes.isEmpty() && near.isEmpty()) {
      return matches;
    }
    for (var each : fields.analysis(field).analyzeWords(text)) {
      var token = each.token();
      var asked = terms.contains(token.term()) ? token.term() : asked(each, prefixes, near);
      if (asked != null) {
        matches.add(new Match(token.start(), token.end(), asked));
      }
    }
    return matches;
  }

  /** What of the query a word meets by its beginning or by being near; null if nothing. */
  private static @Nullable String asked(
      TextAnalysis.WordToken word, List<String> prefixes, Map<String, WordAutomaton> near) {
    for (var prefix : prefixes) {
      if (word.word().startsWith(prefix) || word.token().term().startsWith(prefix)) {
        return prefix;
      }
    }
    for (var mistyped : near.entrySet()) {
      if (mistyped.getValue().accepts(word.word())) {
        return mistyped.getKey();
      }
    }
    return null;
  }

  /** From the first to the last match of the stretch that has the most different words. */
  private Window best(List<Match> matches, List<Window> taken) {
    var best = new Window(matches.getFirst().start, matches.getFirst().end);
    double bestScore = 0;
    for (int i = 0; i < matches.size(); i++) {
      int start = matches.get(i).start;
      int limit = Math.min(start + length, ceiling(start, taken));
      var seen = new HashMap<String, Integer>();
      int end = Math.min(matches.get(i).end, limit);
      double score = 0;
      for (int j = i; j < matches.size() && matches.get(j).end <= limit; j++) {
        score += seen.merge(matches.get(j).word, 1, Integer::sum) == 1 ? 1 : REPEATED_WORD;
        end = Math.max(end, matches.get(j).end);
      }
      if (score > bestScore) {
        bestScore = score;
        best = new Window(start, end);
      }
    }
    return best;
  }

  /** Widens a stretch of matches to a snippet that starts and ends well. */
  private Window place(String text, Window matched, List<Window> taken) {
    int earliest = Math.max(floor(matched.start, taken), matched.end - length);
    int start = startOf(text, Math.max(0, earliest), matched.start, matched.end);
    int latest = Math.min(Math.min(text.length(), start + length), ceiling(matched.start, taken));
    return trim(text, start, endOf(text, start, matched.end, latest));
  }

  private static int floor(int position, List<Window> taken) {
    return taken.stream().mapToInt(Window::end).filter(end -> end <= position).max().orElse(0);
  }

  private static int ceiling(int position, List<Window> taken) {
    return taken.stream()
        .mapToInt(Window::start)
        .filter(start -> start >= position)
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  /** Where to start so that the match stays inside: a sentence, else a word, else a character. */
  private int startOf(String text, int earliest, int matchStart, int matchEnd) {
    if (earliest == 0) {
      return 0;
    }
    int sentence =
        earliest
            + lastSentenceBoundary(text.substring(earliest, matchStart + 1), matchStart - earliest);
    if (sentence > earliest) {
      return sentence;
    }
    int slack = length - (matchEnd - matchStart);
    int target = Math.max(earliest, matchStart - slack / 2);
    for (int at = target; at < matchStart; at++) {
      if (isSpace(text, at - 1) && !isSpace(text, at)) {
        return at;
      }
    }
    int at = target;
    while (at < matchStart && isInsideCharacter(text, at)) {
      at++;
    }
    return at;
  }

  /** Where to end, at most {@code latest}: after a sentence if that leaves half, else a word. */
  private int endOf(String text, int start, int matchEnd, int latest) {
    if (latest >= text.length()) {
      return text.length();
    }
    int sentence =
        start
            + lastSentenceBoundary(
                text.substring(start, Math.min(text.length(), latest + 1)), latest - start);
    if (sentence >= matchEnd && sentence - start >= length / 2) {
      return sentence;
    }
    for (int at = latest; at > Math.max(matchEnd, start) - 1 && at > start; at--) {
      if (isSpace(text, at) && !isSpace(text, at - 1)) {
        return at;
      }
    }
    int at = latest;
    while (at > Math.max(matchEnd, start + 1) && isInsideCharacter(text, at)) {
      at--;
    }
    return at;
  }

  /** The last boundary of sentences in {@code (0, limit]}, or 0. */
  private static int lastSentenceBoundary(String region, int limit) {
    var sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
    sentences.setText(region);
    int boundary = limit < region.length() ? sentences.preceding(limit + 1) : sentences.last();
    return boundary == BreakIterator.DONE || boundary == region.length() ? 0 : boundary;
  }

  private static boolean isSpace(String text, int at) {
    return Character.isWhitespace(text.charAt(at));
  }

  /** Whether cutting before {@code at} would part a surrogate pair or a letter and its accent. */
  private static boolean isInsideCharacter(String text, int at) {
    if (Character.isLowSurrogate(text.charAt(at))
        && at > 0
        && Character.isHighSurrogate(text.charAt(at - 1))) {
      return true;
    }
    int codePoint = text.codePointAt(at);
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || codePoint == 0x200D;
  }

  private static Window trim(String text, int start, int end) {
    int from = start;
    int to = end;
    while (from < to && isSpace(text, from)) {
      from++;
    }
    while (to > from && isSpace(text, to - 1)) {
      to--;
    }
    return new Window(from, to);
  }

  private static Snippet snippet(String text, Window window, List<Match> matches) {
    var spans = new ArrayList<Snippet.Span>();
    for (var match : matches) {
      if (match.start < window.start || match.end > window.end) {
        continue;
      }
      int start = match.start - window.start;
      int end = match.end - window.start;
      // Pairs of CJK characters overlap: one span for the stretch.
      if (!spans.isEmpty() && start < spans.getLast().end()) {
        var last = spans.removeLast();
        spans.add(new Snippet.Span(last.start(), Math.max(last.end(), end)));
      } else {
        spans.add(new Snippet.Span(start, end));
      }
    }
    return new Snippet(text.substring(window.start, window.end), window.start, window.end, spans);
  }
}
