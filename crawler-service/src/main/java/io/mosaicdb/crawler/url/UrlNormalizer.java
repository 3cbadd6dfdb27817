package io.mosaicdb.crawler.url;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives all spellings of one address one form. What a browser sends alike is one: case of scheme
 * and host, default ports, dot segments, fragments, needless percent-encoding. So is, beyond that,
 * what servers answer alike: doubled slashes, the order of parameters, empty ones, session ids, and
 * the marks of campaigns. Credentials are dropped: a crawl sends none.
 */
public final class UrlNormalizer {
  private static final Set<String> SESSION_PARAMETERS =
      Set.of(
          "jsessionid",
          "phpsessid",
          "aspsessionid",
          "asp.net_sessionid",
          "sessionid",
          "session_id",
          "sessid",
          "oscsid",
          "zenid",
          "cfid",
          "cftoken");
  private static final Set<String> CAMPAIGN_PARAMETERS =
      Set.of(
          "gclid", "gclsrc", "dclid", "wbraid", "gbraid", "fbclid", "msclkid", "twclid", "yclid",
          "igshid", "mc_cid", "mc_eid", "_ga", "_gl", "_hsenc", "_hsmi", "mkt_tok", "s_cid");
  private static final Pattern SESSION_IN_PATH =
      Pattern.compile("(?i);(?:jsessionid|phpsessid|sessionid|sid)=[^;/]*");
  private static final Pattern ASP_SESSION_IN_PATH =
      Pattern.compile("(?i)/\\((?:[a-z]\\([a-z0-9_-]*\\))+\\)(?=/)");
  private static final Pattern RANDOM = Pattern.compile("(?i)[0-9a-f]{32,}");
  // What java.net.URI wants encoded beyond what browsers encode.
  private static final String PATH_SET = " \"<>\\^`{|}[]";
  private static final String QUERY_SET = " \"<>\\^`{|}[]";

  private static final int LONGEST_HOST = 253;
  private static final int LONGEST_LABEL = 63;

  private record Parameter(String name, @Nullable String value) {
    @Override
    public String toString() {
      return value == null || value.isEmpty() ? name : name + "=" + value;
    }
  }

  private UrlNormalizer() {}

  /** The normal form of an absolute URL; empty where it is none that a crawl can fetch. */
  public static Optional<URI> normalize(String url) {
    return WebUrl.parse(url, null).flatMap(UrlNormalizer::normalize);
  }

  /** The normal form of a link found under a base; empty where a crawl cannot fetch it. */
  public static Optional<URI> normalize(URI base, String href) {
    return WebUrl.parse(base.toString(), null)
        .flatMap(parsed -> WebUrl.parse(href, parsed))
        .flatMap(UrlNormalizer::normalize);
  }

  private static Optional<URI> normalize(WebUrl url) {
    var host = url.host();
    if (host.length() > 1 && host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    if (!isInDns(host)) {
      return Optional.empty();
    }
    var normal =
        new WebUrl(url.scheme(), "", host, url.port(), path(url.path()), query(url.query()), null);
    try {
      var uri = new URI(normal.text(false));
      // Names that java.net.URI takes for no host's, such as those with an underscore.
      return uri.getHost() == null ? Optional.empty() : Optional.of(uri);
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  // Browsers take longer names; none has an address.
  private static boolean isInDns(String host) {
    if (host.length() > LONGEST_HOST) {
      return false;
    }
    for (var label : host.split("\\.", -1)) {
      if (label.isEmpty() || label.length() > LONGEST_LABEL) {
        return false;
      }
    }
    return true;
  }

  private static String path(String path) {
    var text = path;
    if (text.indexOf(';') >= 0) {
      text = SESSION_IN_PATH.matcher(text).replaceAll("");
    }
    if (text.indexOf('(') >= 0) {
      text = ASP_SESSION_IN_PATH.matcher(text).replaceAll("");
    }
    while (text.contains("//")) {
      text = text.replace("//", "/");
    }
    return encoded(text, PATH_SET);
  }

  private static @Nullable String query(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return null;
    }
    var parameters = new ArrayList<Parameter>();
    for (var part : query.split("&")) {
      int equals = part.indexOf('=');
      var name = encoded(equals < 0 ? part : part.substring(0, equals), QUERY_SET);
      var value = equals < 0 ? null : encoded(part.substring(equals + 1), QUERY_SET);
      if (!name.isEmpty() && !isNoise(name.toLowerCase(Locale.ROOT), value)) {
        parameters.add(new Parameter(name, value));
      }
    }
    // Stable: of one name's values the order may matter.
    parameters.sort(Comparator.comparing(Parameter::name));
    return parameters.isEmpty()
        ? null
        : String.join("&", parameters.stream().map(Parameter::toString).toList());
  }

  private static boolean isNoise(String name, @Nullable String value) {
    return SESSION_PARAMETERS.contains(name)
        || CAMPAIGN_PARAMETERS.contains(name)
        || name.startsWith("utm_")
        || name.startsWith("aspsessionid")
        || (List.of("sid", "s").contains(name) && value != null && RANDOM.matcher(value).matches());
  }

  // Percent-encodes what has to be, decodes what has not, and writes the rest in capitals.
  private static String encoded(String text, String set) {
    var encoded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int code = c == '%' ? code(text, i) : -1;
      if (code >= 0 && isUnreserved(code)) {
        encoded.append((char) code);
        i += 2;
      } else if (code >= 0) {
        encoded.append('%').append(WebUrl.hex(code >> 4)).append(WebUrl.hex(code & 15));
        i += 2;
      } else if (c == '%' || set.indexOf(c) >= 0) {
        encoded.append('%').append(WebUrl.hex(c >> 4)).append(WebUrl.hex(c & 15));
      } else {
        encoded.append(c);
      }
    }
    return encoded.toString();
  }

  private static int code(String text, int at) {
    if (at + 2 >= text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at + 1), 16);
    int low = Character.digit(text.charAt(at + 2), 16);
    return high < 0 || low < 0 ? -1 : 16 * high + low;
  }

  private static boolean isUnreserved(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~".indexOf(c) >= 0;
  }
}
