package io.mosaicdb.crawler.page;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What a body is: what the header says, and where it says nothing, what its first bytes look like.
 */
record MediaType(String name, Kind kind) {
  enum Kind {
    HTML,
    XHTML,
    PLAIN,
    MARKDOWN,
    OTHER
  }

  private static final int SNIFFED = 1_024;

  /** Markup that is no page. */
  private static final List<String> OTHER_STARTS =
      List.of("<rss", "<feed", "<urlset", "<sitemapindex", "<svg", "<rdf");

  static MediaType of(ResponseHeaders headers, byte[] body) {
    String told = headers.mediaType().orElse("");
    return switch (told) {
      case "" -> sniffed(body);
      case "text/html" -> new MediaType(told, Kind.HTML);
      case "application/xhtml+xml" -> new MediaType(told, Kind.XHTML);
      case "text/markdown", "text/x-markdown" -> new MediaType(told, Kind.MARKDOWN);
      // Servers give this type to what they do not know, programs and images too.
      case "text/plain" ->
          isBinary(body)
              ? new MediaType("application/octet-stream", Kind.OTHER)
              : new MediaType(told, Kind.PLAIN);
      case "text/xml", "application/xml" ->
          new MediaType(told, start(body).contains("<html") ? Kind.XHTML : Kind.OTHER);
      default -> new MediaType(told, Kind.OTHER);
    };
  }

  private static MediaType sniffed(byte[] body) {
    String start = start(body).stripLeading();
    if (start.startsWith("%pdf-")) {
      return new MediaType("application/pdf", Kind.OTHER);
    }
    if (start.startsWith("<?xml")) {
      return start.contains("<html")
          ? new MediaType("application/xhtml+xml", Kind.XHTML)
          : new MediaType("text/xml", Kind.OTHER);
    }
    if (start.startsWith("<!")
        || (start.length() > 1 && start.charAt(0) == '<' && Character.isLetter(start.charAt(1)))) {
      return OTHER_STARTS.stream().anyMatch(start::startsWith)
          ? new MediaType("text/xml", Kind.OTHER)
          : new MediaType("text/html", Kind.HTML);
    }
    return isBinary(body)
        ? new MediaType("application/octet-stream", Kind.OTHER)
        : new MediaType("text/plain", Kind.PLAIN);
  }

  private static String start(byte[] body) {
    int from = body.length >= 3 && (body[0] & 0xff) == 0xef && (body[1] & 0xff) == 0xbb ? 3 : 0;
    int length = Math.min(SNIFFED, body.length - from);
    return new String(body, from, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
  }

  /** Control characters that no text has: the MIME Sniffing Standard's binary data bytes. */
  private static boolean isBinary(byte[] body) {
    boolean utf16 = body.length >= 2 && ((body[0] & 0xff) + (body[1] & 0xff)) == 0xfe + 0xff;
    for (int i = 0; i < Math.min(SNIFFED, body.length) && !utf16; i++) {
      int b = body[i];
      if ((b >= 0 && b <= 8) || b == 0x0b || (b >= 0x0e && b <= 0x1a) || (b >= 0x1c && b <= 0x1f)) {
        return true;
      }
    }
    return false;
  }
}
