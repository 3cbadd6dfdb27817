package io.mosaicdb.crawler.robots;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A robots.txt as it speaks to one crawler.
 *
 * <p>Lines, groups, typing errors and precedence are read as Google's parser reads them, whose test
 * cases are the oracle: the longest matching pattern decides, an allowing one among equals; the
 * groups that name the crawler count together, and those of {@code *} only where none names it. One
 * thing is stricter. Google compares a path that is percent-encoded without need as it stands,
 * while RFC 9309 compares it decoded; a pattern that forbids is applied both ways, because being
 * forbidden one page more harms nobody.
 *
 * <p>Characters here are bytes: a file in UTF-8 is read as ISO 8859-1, and what is no ASCII is
 * percent-encoded byte by byte.
 */
final class RobotsFile {
  // Google's bound: eight times the longest URL that Internet Explorer took.
  private static final int LONGEST_LINE = 2083 * 8;
  private static final List<String> DISALLOW =
      List.of("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw");
  private static final List<String> USER_AGENT = List.of("user-agent", "useragent", "user agent");
  private static final List<String> SITEMAP = List.of("sitemap", "site-map");

  private record Rule(boolean allows, String pattern) {}

  private final String agent;
  private final List<Rule> own = new ArrayList<>();
  private final List<Rule> everyones = new ArrayList<>();
  private final List<String> sitemaps = new ArrayList<>();
  private boolean named;
  private @Nullable Duration ownDelay;
  private @Nullable Duration everyonesDelay;

  // While reading: whom the group speaks to, and whether its rules have begun.
  private boolean groupIsOwn;
  private boolean groupIsEveryones;
  private boolean rulesBegan;

  private RobotsFile(String agent) {
    this.agent = agent;
  }

  /** Reads a file for the crawler with this product token. */
  static RobotsFile read(byte[] file, String agent) {
    var robots = new RobotsFile(agent);
    for (var line : lines(text(file))) {
      robots.line(line);
    }
    return robots;
  }

  /** Whether a crawler may be named so: letters, {@code _} and {@code -}. */
  static boolean isToken(String agent) {
    return !agent.isEmpty() && token(agent).equals(agent);
  }

  /** Whether the URL may be fetched. */
  boolean allows(String url) {
    var path = path(url);
    var specific = verdict(own, path);
    if (specific != null) {
      return specific;
    }
    if (named) {
      return true;
    }
    var general = verdict(everyones, path);
    return general == null || general;
  }

  /** The pause asked for; null where none is. */
  @Nullable Duration crawlDelay() {
    return named ? ownDelay : everyonesDelay;
  }

  /** The sitemaps as they are written. */
  List<String> sitemaps() {
    return List.copyOf(sitemaps);
  }

  /** Path and query of a URL, as rules are compared with; {@code /} where there is none. */
  static String path(String url) {
    int begin = url.startsWith("//") ? 2 : 0;
    int early = indexOfAny(url, "/?;", begin);
    int protocol = url.indexOf("://", begin);
    int authority = protocol < 0 || (early >= 0 && early < protocol) ? begin : protocol + 3;
    int start = indexOfAny(url, "/?;", authority);
    int hash = url.indexOf('#', begin);
    if (start < 0 || (hash >= 0 && hash < start)) {
      return "/";
    }
    var path = url.substring(start, hash < 0 ? url.length() : hash);
    return path.startsWith("/") ? path : "/" + path;
  }

  // Whether the rules allow the path; null where none of them speaks of it.
  private static @Nullable Boolean verdict(List<Rule> rules, String path) {
    int allow = -1;
    int disallow = -1;
    for (var rule : rules) {
      if (rule.allows()) {
        allow = Math.max(allow, allowLength(path, rule.pattern()));
      } else if (matches(path, rule.pattern()) || matches(path, decoded(rule.pattern()))) {
        disallow = Math.max(disallow, rule.pattern().length());
      }
    }
    return (allow <= 0 && disallow <= 0) ? null : allow >= disallow;
  }

  // An allowed index page allows its folder as well.
  private static int allowLength(String path, String pattern) {
    if (matches(path, pattern)) {
      return pattern.length();
    }
    int slash = pattern.lastIndexOf('/');
    if (slash >= 0 && pattern.startsWith("/index.htm", slash)) {
      var folder = pattern.substring(0, slash + 1) + "$";
      return matches(path, folder) ? folder.length() : -1;
    }
    return -1;
  }

  /** Whether a path begins as the pattern says: {@code *} is any run, a last {@code $} the end. */
  static boolean matches(String path, String pattern) {
    boolean ends = pattern.endsWith("$");
    var parts = (ends ? pattern.substring(0, pattern.length() - 1) : pattern).split("\\*", -1);
    if (!path.startsWith(parts[0])) {
      return false;
    }
    int at = parts[0].length();
    for (int i = 1; i < parts.length; i++) {
      if (ends && i == parts.length - 1) {
        return path.length() - parts[i].length() >= at && path.endsWith(parts[i]);
      }
      int found = path.indexOf(parts[i], at);
      if (found < 0) {
        return false;
      }
      at = found + parts[i].length();
    }
    return !ends || at == path.length();
  }

  private void line(String line) {
    int comment = line.indexOf('#');
    var text = (comment < 0 ? line : line.substring(0, comment)).strip();
    int separator = text.indexOf(':');
    if (separator < 0) {
      separator = blank(text, 0);
      // Without a colon, two words are a field; more are prose.
      if (separator < 0 || blank(text.substring(separator).strip(), 0) >= 0) {
        return;
      }
    }
    var key = text.substring(0, separator).strip().toLowerCase(Locale.ROOT);
    var value = text.substring(separator + 1).strip();
    if (begins(key, USER_AGENT)) {
      userAgent(value);
    } else if (key.startsWith("allow")) {
      rule(new Rule(true, escaped(value)));
    } else if (begins(key, DISALLOW)) {
      rule(new Rule(false, escaped(value)));
    } else if (begins(key, SITEMAP)) {
      if (!value.isEmpty()) {
        sitemaps.add(
            new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
      }
    } else if (key.startsWith("crawl-delay")) {
      delay(value);
    }
  }

  private void userAgent(String value) {
    if (rulesBegan) {
      groupIsOwn = false;
      groupIsEveryones = false;
      rulesBegan = false;
    }
    if (value.startsWith("*") && (value.length() == 1 || Character.isWhitespace(value.charAt(1)))) {
      groupIsEveryones = true;
    } else if (token(value).equalsIgnoreCase(agent)) {
      groupIsOwn = true;
      named = true;
    }
  }

  private void rule(Rule rule) {
    // A group that speaks to others has its rules, too: what follows is another group.
    rulesBegan = true;
    if (groupIsOwn) {
      own.add(rule);
    }
    if (groupIsEveryones) {
      everyones.add(rule);
    }
  }

  private void delay(String value) {
    var seconds = seconds(value);
    if (seconds.isEmpty()) {
      return;
    }
    var delay = Duration.ofMillis(Math.round(seconds.getAsDouble() * 1000));
    if (groupIsOwn) {
      ownDelay = longer(ownDelay, delay);
    }
    if (groupIsEveryones) {
      everyonesDelay = longer(everyonesDelay, delay);
    }
  }

  private static OptionalDouble seconds(String value) {
    try {
      double seconds = Double.parseDouble(value);
      return seconds >= 0 && seconds <= 1e9 ? OptionalDouble.of(seconds) : OptionalDouble.empty();
    } catch (NumberFormatException _) {
      return OptionalDouble.empty();
    }
  }

  private static Duration longer(@Nullable Duration left, Duration right) {
    return left == null || left.compareTo(right) < 0 ? right : left;
  }

  private static boolean begins(String key, List<String> spellings) {
    return spellings.stream().anyMatch(key::startsWith);
  }

  private static String token(String value) {
    int end = 0;
    while (end < value.length() && isTokenCharacter(value.charAt(end))) {
      end++;
    }
    return value.substring(0, end);
  }

  private static boolean isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  }

  // Bytes beyond ASCII percent-encoded, hexadecimal digits in capitals.
  private static String escaped(String value) {
    var escaped = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        escaped.append('%').append(hex(c >> 4)).append(hex(c & 15));
      } else if (c == '%' && hexAt(value, i + 1) >= 0 && hexAt(value, i + 2) >= 0) {
        escaped.append('%').append(hex(hexAt(value, i + 1))).append(hex(hexAt(value, i + 2)));
        i += 2;
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  // What needs no percent-encoding without it: letters, digits and -._~
  private static String decoded(String pattern) {
    if (pattern.indexOf('%') < 0) {
      return pattern;
    }
    var decoded = new StringBuilder(pattern.length());
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      int code = c == '%' ? 16 * hexAt(pattern, i + 1) + hexAt(pattern, i + 2) : -1;
      if (code > 0 && hexAt(pattern, i + 2) >= 0 && isUnreserved((char) code)) {
        decoded.append((char) code);
        i += 2;
      } else {
        decoded.append(c);
      }
    }
    return decoded.toString();
  }

  private static boolean isUnreserved(char c) {
    return isTokenCharacter(c) || (c >= '0' && c <= '9') || c == '.' || c == '~';
  }

  private static int hexAt(String text, int index) {
    return index < text.length() ? Character.digit(text.charAt(index), 16) : -1;
  }

  private static char hex(int digit) {
    return Character.toUpperCase(Character.forDigit(digit, 16));
  }

  private static int blank(String text, int from) {
    return indexOfAny(text, " \t", from);
  }

  private static int indexOfAny(String text, String characters, int from) {
    for (int i = from; i < text.length(); i++) {
      if (characters.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> lines(String text) {
    var lines = new ArrayList<String>();
    for (var line : text.split("\r\n|\r|\n", -1)) {
      lines.add(line.length() < LONGEST_LINE ? line : line.substring(0, LONGEST_LINE - 1));
    }
    return lines;
  }

  private static String text(byte[] file) {
    if (startsWith(file, 0xFE, 0xFF)) {
      return bytes(new String(file, 2, file.length - 2, StandardCharsets.UTF_16BE));
    }
    if (startsWith(file, 0xFF, 0xFE)) {
      return bytes(new String(file, 2, file.length - 2, StandardCharsets.UTF_16LE));
    }
    // A mark of UTF-8 that was cut short is still one.
    int mark = 0;
    int[] whole = {0xEF, 0xBB, 0xBF};
    while (mark < 3 && mark < file.length && (file[mark] & 0xff) == whole[mark]) {
      mark++;
    }
    return new String(file, mark, file.length - mark, StandardCharsets.ISO_8859_1);
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static boolean startsWith(byte[] file, int first, int second) {
    return file.length >= 2 && (file[0] & 0xff) == first && (file[1] & 0xff) == second;
  }
}
