package io.mosaicdb.crawler.url;

import org.jspecify.annotations.Nullable;

/** IPv6 addresses in brackets, in their one short form. */
final class Ipv6 {
  private Ipv6() {}

  /** The short form, in brackets; null where it is no address. */
  static @Nullable String parse(String text) {
    int[] pieces = pieces(text);
    return pieces == null ? null : "[" + shortest(pieces) + "]";
  }

  private static int @Nullable [] pieces(String text) {
    var pieces = new int[8];
    int at = 0;
    int gap = -1;
    int i = 0;
    if (text.startsWith(":")) {
      if (!text.startsWith("::")) {
        return null;
      }
      i = 2;
      gap = 0;
    }
    while (i < text.length()) {
      if (at == 8) {
        return null;
      }
      if (text.charAt(i) == ':') {
        if (gap >= 0) {
          return null;
        }
        i++;
        gap = at;
        continue;
      }
      int value = 0;
      int begin = i;
      while (i < text.length() && i - begin < 4 && hex(text.charAt(i)) >= 0) {
        value = value * 16 + hex(text.charAt(i));
        i++;
      }
      if (i < text.length() && text.charAt(i) == '.') {
        if (at > 6 || !ipv4(text.substring(begin), pieces, at)) {
          return null;
        }
        at += 2;
        i = text.length();
        break;
      }
      if (i == begin) {
        return null;
      }
      if (i < text.length()) {
        if (text.charAt(i) != ':' || i + 1 == text.length()) {
          return null;
        }
        i++;
      }
      pieces[at++] = value;
    }
    if (gap < 0) {
      return at == 8 ? pieces : null;
    }
    int moved = at - gap;
    for (int k = 1; k <= moved; k++) {
      int from = gap + moved - k;
      int to = 8 - k;
      if (from != to) {
        pieces[to] = pieces[from];
        pieces[from] = 0;
      }
    }
    return at == 8 ? null : pieces;
  }

  private static boolean ipv4(String text, int[] pieces, int at) {
    var parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (int i = 0; i < 4; i++) {
      if (!parts[i].matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(parts[i]) > 255) {
        return false;
      }
      pieces[at + i / 2] = (pieces[at + i / 2] << 8) + Integer.parseInt(parts[i]);
    }
    return true;
  }

  // The longest run of two zeros or more becomes ::, the first among equals.
  private static String shortest(int[] pieces) {
    int longest = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && pieces[end] == 0) {
        end++;
      }
      if (end - i > length) {
        longest = i;
        length = end - i;
      }
      i = Math.max(i, end - 1);
    }
    var text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == longest) {
        text.append(i == 0 ? "::" : ":");
        i += length - 1;
        continue;
      }
      text.append(Integer.toHexString(pieces[i]));
      if (i < 7) {
        text.append(':');
      }
    }
    return text.toString();
  }

  private static int hex(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
