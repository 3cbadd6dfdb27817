package io.mosaicdb.crawler.page;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the encoding that a document declares in its first 1,024 bytes, before it is parsed: the
 * HTML Standard's <a
 * href="https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding">prescan</a>,
 * step by step, and its XML declaration.
 */
final class MetaPrescan {
  /**
   * The standard wants declarations within the first 1,024 bytes, and has browsers parse anew when
   * they meet one later: a longer scan comes to the same.
   */
  private static final int LENGTH = 65_536;

  /** The bytes as characters of the same value, so that ASCII can be compared. */
  private final String input;

  private int at;

  private MetaPrescan(String input) {
    this.input = input;
  }

  static Optional<Encoding> find(byte[] body) {
    String start = new String(body, 0, Math.min(LENGTH, body.length), StandardCharsets.ISO_8859_1);
    MetaPrescan scan = new MetaPrescan(start);
    try {
      Optional<Encoding> declared = scan.metaElement();
      return declared.isPresent() ? declared : scan.xmlDeclaration();
    } catch (StringIndexOutOfBoundsException end) {
      // The standard ends the scan wherever the bytes end, also in the middle of an attribute.
      return scan.xmlDeclaration();
    }
  }

  private Optional<Encoding> metaElement() {
    for (; at < input.length(); at++) {
      if (input.startsWith("<!--", at)) {
        int end = input.indexOf("-->", at + 2);
        if (end < 0) {
          return Optional.empty();
        }
        at = end + 2;
      } else if (input.regionMatches(true, at, "<meta", 0, 5)
          && (isSpace(input.charAt(at + 5)) || input.charAt(at + 5) == '/')) {
        at += 6;
        Optional<Encoding> encoding = metaAttributes();
        if (encoding.isPresent()) {
          return encoding;
        }
        at--;
      } else if (input.charAt(at) == '<' && isTagName(at + 1)) {
        while (!isSpace(input.charAt(at)) && input.charAt(at) != '>') {
          at++;
        }
        while (nextAttribute() != null) {
          // Attributes of other elements only matter because they may contain what looks like an
          // element.
        }
        at--;
        if (at + 1 < input.length() && input.charAt(at + 1) == '>') {
          at++;
        }
      } else if (input.startsWith("<!", at)
          || input.startsWith("</", at)
          || input.startsWith("<?", at)) {
        int end = input.indexOf('>', at);
        if (end < 0) {
          return Optional.empty();
        }
        at = end;
      }
    }
    return Optional.empty();
  }

  private boolean isTagName(int index) {
    int start = input.charAt(index) == '/' ? index + 1 : index;
    char c = input.charAt(start);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private Optional<Encoding> metaAttributes() {
    Set<String> seen = new HashSet<>();
    boolean gotPragma = false;
    boolean needPragma = false;
    @Nullable Encoding encoding = null;
    boolean named = false;
    for (Attribute next = nextAttribute(); next != null; next = nextAttribute()) {
      if (!seen.add(next.name)) {
        continue;
      }
      switch (next.name) {
        case "http-equiv" -> gotPragma |= next.value.equals("content-type");
        case "content" -> {
          Optional<String> label = charsetOf(next.value);
          if (label.isPresent() && !named) {
            encoding = Encoding.find(label.get()).orElse(null);
            named = encoding != null;
            needPragma = true;
          }
        }
        case "charset" -> {
          encoding = Encoding.find(next.value).orElse(null);
          named = true;
          needPragma = false;
        }
        default -> {}
      }
    }
    if (encoding == null || (needPragma && !gotPragma)) {
      return Optional.empty();
    }
    return Optional.of(encoding.asWrittenInBytes());
  }

  private record Attribute(String name, String value) {}

  /** The standard's "get an attribute". Null where the element ends. */
  private @Nullable Attribute nextAttribute() {
    while (isSpace(input.charAt(at)) || input.charAt(at) == '/') {
      at++;
    }
    if (input.charAt(at) == '>') {
      return null;
    }
    StringBuilder name = new StringBuilder();
    while (true) {
      char c = input.charAt(at);
      if (c == '=' && !name.isEmpty()) {
        at++;
        return new Attribute(lower(name), value());
      }
      if (isSpace(c)) {
        break;
      }
      if (c == '/' || c == '>') {
        return new Attribute(lower(name), "");
      }
      name.append(c);
      at++;
    }
    skipSpace();
    if (input.charAt(at) != '=') {
      return new Attribute(lower(name), "");
    }
    at++;
    return new Attribute(lower(name), value());
  }

  private String value() {
    skipSpace();
    char quote = input.charAt(at);
    StringBuilder value = new StringBuilder();
    if (quote == '"' || quote == '\'') {
      at++;
      while (input.charAt(at) != quote) {
        value.append(input.charAt(at++));
      }
      at++;
      return lower(value);
    }
    while (!isSpace(input.charAt(at)) && input.charAt(at) != '>') {
      value.append(input.charAt(at++));
    }
    return lower(value);
  }

  private void skipSpace() {
    while (isSpace(input.charAt(at))) {
      at++;
    }
  }

  /**
   * The label in {@code text/html; charset=label}: the standard's extraction from a meta element,
   * also for headers.
   */
  static Optional<String> charsetOf(String content) {
    String lower = content.toLowerCase(Locale.ROOT);
    int found = lower.indexOf("charset");
    while (found >= 0) {
      int at = found + 7;
      while (at < lower.length() && isSpace(lower.charAt(at))) {
        at++;
      }
      if (at < lower.length() && lower.charAt(at) == '=') {
        return label(lower, at + 1);
      }
      found = lower.indexOf("charset", at);
    }
    return Optional.empty();
  }

  private static Optional<String> label(String content, int from) {
    int start = from;
    while (start < content.length() && isSpace(content.charAt(start))) {
      start++;
    }
    if (start == content.length()) {
      return Optional.empty();
    }
    char quote = content.charAt(start);
    if (quote == '"' || quote == '\'') {
      int end = content.indexOf(quote, start + 1);
      return end < 0 ? Optional.empty() : Optional.of(content.substring(start + 1, end));
    }
    int end = start;
    while (end < content.length() && !isSpace(content.charAt(end)) && content.charAt(end) != ';') {
      end++;
    }
    return Optional.of(content.substring(start, end));
  }

  /** {@code <?xml version="1.0" encoding="label"?>} at the very start. */
  private Optional<Encoding> xmlDeclaration() {
    if (!input.startsWith("<?xml")) {
      return Optional.empty();
    }
    int end = input.indexOf('>');
    int found = input.indexOf("encoding");
    if (found < 0 || end < found) {
      return Optional.empty();
    }
    int quoteAt = found + 8;
    while (quoteAt < end && (isSpace(input.charAt(quoteAt)) || input.charAt(quoteAt) == '=')) {
      quoteAt++;
    }
    char quote = input.charAt(quoteAt);
    int close = input.indexOf(quote, quoteAt + 1);
    if ((quote != '"' && quote != '\'') || close < 0 || close > end) {
      return Optional.empty();
    }
    return Encoding.find(input.substring(quoteAt + 1, close)).map(Encoding::asWrittenInBytes);
  }

  private static String lower(StringBuilder text) {
    return text.toString().toLowerCase(Locale.ROOT);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
  }
}
