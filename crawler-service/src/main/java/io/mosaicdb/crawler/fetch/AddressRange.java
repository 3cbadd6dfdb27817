package io.mosaicdb.crawler.fetch;

import java.net.InetAddress;

/** The addresses that share their first bits. An IPv4 address in IPv6 form is an IPv4 address. */
record AddressRange(InetAddress first, int bits) {
  AddressRange {
    int most = first.getAddress().length * 8;
    if (bits < 0 || bits > most) {
      throw new IllegalArgumentException(
          "the length of a prefix of %s must be from 0 to %d, got %d"
              .formatted(first.getHostAddress(), most, bits));
    }
  }

  /** Whether a text is meant as an address or a range, not as a host's name. */
  static boolean isAddress(String text) {
    return text.indexOf('/') >= 0 || text.indexOf(':') >= 0 || text.matches("[0-9.]+");
  }

  /** Reads {@code 10.0.0.0/8}, {@code fd00::/8}, or a single address. */
  static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    var address = slash < 0 ? text : text.substring(0, slash);
    if (address.indexOf(':') < 0 && !address.matches("([0-9]+\\.){3}[0-9]+")) {
      // Java would take 10.1 for 10.0.0.1, which is seldom what was meant.
      throw new IllegalArgumentException("not a range of addresses: " + text);
    }
    try {
      var first = InetAddress.ofLiteral(address);
      int bits =
          slash < 0 ? first.getAddress().length * 8 : Integer.parseInt(text.substring(slash + 1));
      return new AddressRange(first, bits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a range of addresses: " + text, e);
    }
  }

  /** Whether {@link #parse} reads it. */
  static boolean isRange(String text) {
    try {
      var _ = parse(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  boolean contains(InetAddress address) {
    var left = first.getAddress();
    var right = address.getAddress();
    if (left.length != right.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit += 8) {
      int mask = bits - bit >= 8 ? 0xff : (0xff00 >> (bits - bit)) & 0xff;
      if (((left[bit / 8] ^ right[bit / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
