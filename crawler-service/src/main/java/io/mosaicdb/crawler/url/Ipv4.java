package io.mosaicdb.crawler.url;

import org.jspecify.annotations.Nullable;

/** IPv4 addresses in all the spellings that resolvers take: {@code 0x7f.1} is {@code 127.0.0.1}. */
final class Ipv4 {
  private Ipv4() {}

  /** Whether the last label of a domain makes an address of it. */
  static boolean looksLikeOne(String domain) {
    var labels = domain.split("\\.", -1);
    int last = labels.length - 1;
    if (labels[last].isEmpty() && last > 0) {
      last--;
    }
    var label = labels[last];
    return !label.isEmpty()
        && (label.chars().allMatch(c -> c >= '0' && c <= '9') || number(label) >= 0);
  }

  /** The four numbers; null where it is no address. */
  static @Nullable String parse(String domain) {
    var text = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    var parts = text.split("\\.", -1);
    if (parts.length > 4) {
      return null;
    }
    long address = 0;
    for (int i = 0; i < parts.length; i++) {
      long number = number(parts[i]);
      boolean last = i == parts.length - 1;
      long most = last ? 1L << (8 * (4 - i)) : 256;
      if (number < 0 || number >= most) {
        return null;
      }
      address += last ? number : number << (8 * (3 - i));
    }
    return "%d.%d.%d.%d"
        .formatted(address >> 24, (address >> 16) & 255, (address >> 8) & 255, address & 255);
  }

  // Decimal, octal after a 0, hexadecimal after 0x; -1 where it is no number.
  private static long number(String text) {
    var digits = text;
    int radix = 10;
    if (text.startsWith("0x") || text.startsWith("0X")) {
      digits = text.substring(2);
      radix = 16;
    } else if (text.length() > 1 && text.startsWith("0")) {
      digits = text.substring(1);
      radix = 8;
    }
    if (text.isEmpty()) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) < 0x80 ? Character.digit(digits.charAt(i), radix) : -1;
      if (digit < 0) {
        return -1;
      }
      number = Math.min(number * radix + digit, 1L << 40);
    }
    return number;
  }
}
