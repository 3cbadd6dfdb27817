package io.mosaicdb.crawler.crawl;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of URLs: {@code *} stands for any characters but a slash, {@code **} for any
 * characters, {@code ?} for one character but a slash; everything else for itself. One that begins
 * with a slash is compared with path and query, another one with the whole URL; both as a whole.
 *
 * <p>Matching keeps the set of positions in the pattern that are possible so far, so it takes at
 * most (length of the pattern) x (length of the URL) steps, whatever the two are.
 */
final class GlobPattern {
  static final int LONGEST = 512;

  private enum Kind {
    SAME,
    ONE,
    SEGMENT,
    ANY
  }

  private record Token(Kind kind, char character) {}

  private final String pattern;
  private final List<Token> tokens = new ArrayList<>();

  private GlobPattern(String pattern) {
    this.pattern = pattern;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '*') {
        boolean any = i + 1 < pattern.length() && pattern.charAt(i + 1) == '*';
        i += any ? 1 : 0;
        tokens.add(new Token(any ? Kind.ANY : Kind.SEGMENT, c));
      } else {
        tokens.add(new Token(c == '?' ? Kind.ONE : Kind.SAME, c));
      }
    }
  }

  /**
   * @throws IllegalArgumentException saying what a pattern must be
   */
  static GlobPattern parse(String pattern) {
    if (pattern.isEmpty() || pattern.length() > LONGEST) {
      throw new IllegalArgumentException(
          "must have 1 to " + LONGEST + " characters, got " + pattern.length());
    }
    if (pattern.chars().anyMatch(c -> c <= 0x20 || c == 0x7f)) {
      throw new IllegalArgumentException("must not contain spaces or control characters");
    }
    return new GlobPattern(pattern);
  }

  boolean isOfPath() {
    return pattern.startsWith("/");
  }

  boolean matches(String text) {
    var now = new boolean[tokens.size() + 1];
    now[0] = true;
    skipStars(now);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      var next = new boolean[tokens.size() + 1];
      var alive = false;
      for (int t = 0; t < tokens.size(); t++) {
        if (!now[t]) {
          continue;
        }
        var token = tokens.get(t);
        switch (token.kind()) {
          case SAME -> next[t + 1] |= token.character() == c;
          case ONE -> next[t + 1] |= c != '/';
          case SEGMENT -> next[t] |= c != '/';
          case ANY -> next[t] = true;
        }
        alive |= next[t] || next[t + 1];
      }
      if (!alive) {
        return false;
      }
      skipStars(next);
      now = next;
    }
    return now[tokens.size()];
  }

  /** A star may stand for nothing. */
  private void skipStars(boolean[] positions) {
    for (int t = 0; t < tokens.size(); t++) {
      var kind = tokens.get(t).kind();
      if (positions[t] && (kind == Kind.SEGMENT || kind == Kind.ANY)) {
        positions[t + 1] = true;
      }
    }
  }

  @Override
  public String toString() {
    return pattern;
  }
}
