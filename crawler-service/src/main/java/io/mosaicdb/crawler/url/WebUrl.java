package io.mosaicdb.crawler.url;

import com.ibm.icu.text.IDNA;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A URL with the scheme http or https, parsed as the WHATWG URL standard says, which is how
 * browsers read the links that people write. Other schemes are none of a crawl's business and not
 * parsed.
 *
 * @param scheme http or https
 * @param credentials what stands before the {@code @}; empty where nothing does
 * @param host ASCII in lower case; IPv6 in brackets
 * @param port -1 where it is the scheme's own
 * @param path begins with a slash; percent-encoded
 * @param query without its question mark; null where there is none
 * @param fragment without its hash; null where there is none
 */
record WebUrl(
    String scheme,
    String credentials,
    String host,
    int port,
    String path,
    @Nullable String query,
    @Nullable String fragment) {
  private static final IDNA NAMES =
      IDNA.getUTS46Instance(
          IDNA.CHECK_BIDI
              | IDNA.CHECK_CONTEXTJ
              | IDNA.NONTRANSITIONAL_TO_ASCII
              | IDNA.NONTRANSITIONAL_TO_UNICODE);
  private static final String FORBIDDEN_IN_DOMAIN = " #/:<>?@[\\]^|%";
  // The percent-encode sets of the standard, without controls and what is no ASCII.
  private static final String FRAGMENT_SET = " \"<>`";
  private static final String QUERY_SET = " \"#<>'";
  private static final String PATH_SET = " \"#<>?`{}^";
  private static final String USER_INFO_SET = PATH_SET + "/:;=@[\\]|";

  /** Parses a URL; empty where it is none of http or https. */
  static Optional<WebUrl> parse(String input, @Nullable WebUrl base) {
    var text = cleaned(input);
    int colon = schemeEnd(text);
    if (colon < 0) {
      return base == null ? Optional.empty() : relative(text, base);
    }
    var scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https"))) {
      return Optional.empty();
    }
    var rest = text.substring(colon + 1);
    // The scheme of the base followed by no slashes is a relative URL, for the sake of old pages.
    if (base != null && scheme.equals(base.scheme()) && !rest.startsWith("//")) {
      return relative(rest, base);
    }
    int begin = 0;
    while (begin < rest.length() && isSlash(rest.charAt(begin))) {
      begin++;
    }
    return absolute(scheme, rest.substring(begin));
  }

  /** The URL as text, without fragment and credentials where told so. */
  String text(boolean whole) {
    return scheme
        + "://"
        + (whole && !credentials.isEmpty() ? credentials + "@" : "")
        + host
        + (port < 0 ? "" : ":" + port)
        + path
        + (query == null ? "" : "?" + query)
        + (whole && fragment != null ? "#" + fragment : "");
  }

  private static Optional<WebUrl> relative(String text, WebUrl base) {
    if (text.length() >= 2 && isSlash(text.charAt(0)) && isSlash(text.charAt(1))) {
      int begin = 2;
      while (begin < text.length() && isSlash(text.charAt(begin))) {
        begin++;
      }
      return absolute(base.scheme(), text.substring(begin));
    }
    var parts = Parts.of(text);
    String path;
    var query = parts.query();
    if (parts.path().isEmpty()) {
      path = base.path();
      query = query == null ? base.query() : encoded(query, QUERY_SET);
    } else {
      query = query == null ? null : encoded(query, QUERY_SET);
      var segments = new ArrayList<String>();
      if (!isSlash(parts.path().charAt(0))) {
        segments.addAll(List.of(base.path().substring(1).split("/", -1)));
        segments.removeLast();
      }
      path = path(segments, parts.path());
    }
    return Optional.of(
        new WebUrl(
            base.scheme(),
            base.credentials(),
            base.host(),
            base.port(),
            path,
            query,
            parts.encodedFragment()));
  }

  private static Optional<WebUrl> absolute(String scheme, String text) {
    int end = 0;
    while (end < text.length() && "/\\?#".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    var authority = text.substring(0, end);
    int at = authority.lastIndexOf('@');
    var credentials = at < 0 ? "" : credentials(authority.substring(0, at));
    var server = authority.substring(at + 1);
    int colon = portColon(server);
    var name = colon < 0 ? server : server.substring(0, colon);
    int port = -1;
    if (colon >= 0) {
      var digits = server.substring(colon + 1);
      if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return Optional.empty();
      }
      var significant = digits.replaceFirst("^0+(?=.)", "");
      if (significant.length() > 5) {
        return Optional.empty();
      }
      port = significant.isEmpty() ? -1 : Integer.parseInt(significant);
      if (port > 65_535) {
        return Optional.empty();
      }
      if (port == (scheme.equals("https") ? 443 : 80)) {
        port = -1;
      }
    }
    var host = host(name);
    if (host == null) {
      return Optional.empty();
    }
    var parts = Parts.of(text.substring(end));
    var path = path(new ArrayList<>(), parts.path().isEmpty() ? "/" : parts.path());
    var query = parts.query();
    return Optional.of(
        new WebUrl(
            scheme,
            credentials,
            host,
            port,
            path,
            query == null ? null : encoded(query, QUERY_SET),
            parts.encodedFragment()));
  }

  private record Parts(String path, @Nullable String query, @Nullable String fragment) {
    static Parts of(String text) {
      int hash = text.indexOf('#');
      var fragment = hash < 0 ? null : text.substring(hash + 1);
      var rest = hash < 0 ? text : text.substring(0, hash);
      int mark = rest.indexOf('?');
      return new Parts(
          mark < 0 ? rest : rest.substring(0, mark),
          mark < 0 ? null : rest.substring(mark + 1),
          fragment);
    }

    @Nullable String encodedFragment() {
      return fragment == null ? null : encoded(fragment, FRAGMENT_SET);
    }
  }

  // Adds the segments of a path to those it is relative to, and takes the dots out.
  private static String path(List<String> segments, String path) {
    var text = isSlash(path.charAt(0)) ? path.substring(1) : path;
    var parts = text.split("[/\\\\]", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      var dots = parts[i].toLowerCase(Locale.ROOT).replace("%2e", ".");
      if (dots.equals("..")) {
        if (!segments.isEmpty()) {
          segments.removeLast();
        }
        if (last) {
          segments.add("");
        }
      } else if (dots.equals(".")) {
        if (last) {
          segments.add("");
        }
      } else {
        segments.add(encoded(parts[i], PATH_SET));
      }
    }
    return "/" + String.join("/", segments);
  }

  private static String credentials(String text) {
    int colon = text.indexOf(':');
    var user = encoded(colon < 0 ? text : text.substring(0, colon), USER_INFO_SET);
    var password = colon < 0 ? "" : encoded(text.substring(colon + 1), USER_INFO_SET);
    return password.isEmpty() ? user : user + ":" + password;
  }

  // Null where it is no host.
  private static @Nullable String host(String name) {
    if (name.startsWith("[")) {
      return name.endsWith("]") ? Ipv6.parse(name.substring(1, name.length() - 1)) : null;
    }
    var decoded = percentDecoded(name);
    if (decoded == null || decoded.isEmpty()) {
      return null;
    }
    var ascii = ascii(decoded);
    if (ascii == null
        || ascii.isEmpty()
        || ascii
            .chars()
            .anyMatch(c -> c <= 0x20 || c == 0x7f || FORBIDDEN_IN_DOMAIN.indexOf(c) >= 0)) {
      return null;
    }
    return Ipv4.looksLikeOne(ascii) ? Ipv4.parse(ascii) : ascii;
  }

  /** A domain in ASCII as the standard's "domain to ASCII" gives it; null where it is none. */
  static @Nullable String ascii(String domain) {
    if (isAscii(domain)) {
      return domain.toLowerCase(Locale.ROOT);
    }
    var info = new IDNA.Info();
    var ascii = NAMES.nameToASCII(domain, new StringBuilder(), info).toString();
    // Lengths and hyphens are the registries' rules, not the resolvers'.
    for (var error : info.getErrors()) {
      switch (error) {
        case EMPTY_LABEL,
            LABEL_TOO_LONG,
            DOMAIN_NAME_TOO_LONG,
            LEADING_HYPHEN,
            TRAILING_HYPHEN,
            HYPHEN_3_4 -> {}
        default -> {
          return null;
        }
      }
    }
    return ascii;
  }

  // Nearly every domain. The standard lets them be, broken punycode included.
  private static boolean isAscii(String domain) {
    for (int i = 0; i < domain.length(); i++) {
      if (domain.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String percentDecoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int i = 0; i < bytes.length; i++, length++) {
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      if (bytes[i] == '%' && high >= 0 && low >= 0) {
        bytes[length] = (byte) (16 * high + low);
        i += 2;
      } else {
        bytes[length] = bytes[i];
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException _) {
      // The standard puts replacement characters there, which no domain may have.
      return null;
    }
  }

  /** Percent-encodes controls, what is no ASCII, and the characters of a set. */
  static String encoded(String text, String set) {
    StringBuilder encoded = null;
    int done = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      if (c < 0x20 || c > 0x7e || set.indexOf(c) >= 0) {
        encoded = encoded == null ? new StringBuilder(text.length() + 16) : encoded;
        encoded.append(text, done, i);
        // A lone surrogate has no UTF-8; the replacement character stands for it.
        var character = c >= 0xD800 && c <= 0xDFFF ? "\uFFFD" : Character.toString(c);
        for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
          encoded.append('%').append(hex((b >> 4) & 15)).append(hex(b & 15));
        }
        done = next;
      }
      i = next;
    }
    return encoded == null ? text : encoded.append(text, done, text.length()).toString();
  }

  static char hex(int digit) {
    return "0123456789ABCDEF".charAt(digit);
  }

  // Without what is blank around it, and without tabs and line ends inside, as pages are broken.
  private static String cleaned(String input) {
    int begin = 0;
    int end = input.length();
    while (begin < end && input.charAt(begin) <= ' ') {
      begin++;
    }
    while (end > begin && input.charAt(end - 1) <= ' ') {
      end--;
    }
    var text = input.substring(begin, end);
    return text.indexOf('\t') < 0 && text.indexOf('\n') < 0 && text.indexOf('\r') < 0
        ? text
        : text.replaceAll("[\t\n\r]", "");
  }

  // Where the scheme ends; -1 where the text begins with none.
  private static int schemeEnd(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (c == ':') {
        return i == 0 ? -1 : i;
      }
      if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))) {
        return -1;
      }
    }
    return -1;
  }

  private static int portColon(String server) {
    int bracket = server.lastIndexOf(']');
    return server.startsWith("[") ? server.indexOf(':', Math.max(bracket, 0)) : server.indexOf(':');
  }

  private static boolean isSlash(char c) {
    return c == '/' || c == '\\';
  }
}
