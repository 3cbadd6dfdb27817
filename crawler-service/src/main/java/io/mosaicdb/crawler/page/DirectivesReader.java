package io.mosaicdb.crawler.page;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * Reads X-Robots-Tag headers and meta robots elements. Directives for everyone and those for the
 * crawler's own product token add up; those for other agents are not ours. As the parties that
 * invented them describe it:
 * https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag.
 */
final class DirectivesReader {
  /**
   * Directives with a value after a colon, which is how else an agent is told from its directives.
   */
  private static final Set<String> VALUED =
      Set.of("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview");

  private final String agent;

  DirectivesReader(String agent) {
    this.agent = agent.toLowerCase(Locale.ROOT);
  }

  RobotsDirectives of(ResponseHeaders headers) {
    RobotsDirectives result = RobotsDirectives.NONE;
    for (String value : headers.all("X-Robots-Tag")) {
      result = result.and(header(value));
    }
    return result;
  }

  RobotsDirectives of(Document document) {
    RobotsDirectives result = RobotsDirectives.NONE;
    for (Element meta : document.select("meta[name][content]")) {
      String name = meta.attr("name").strip().toLowerCase(Locale.ROOT);
      if (name.equals("robots") || name.equals(agent)) {
        for (String token : meta.attr("content").toLowerCase(Locale.ROOT).split(",", -1)) {
          result = result.and(directive(token.strip()));
        }
      }
    }
    return result;
  }

  private RobotsDirectives header(String value) {
    RobotsDirectives result = RobotsDirectives.NONE;
    boolean ours = true;
    for (String part : value.toLowerCase(Locale.ROOT).split(",", -1)) {
      String token = part.strip();
      int colon = token.indexOf(':');
      if (colon >= 0 && !VALUED.contains(token.substring(0, colon).strip())) {
        String named = token.substring(0, colon).strip();
        ours = named.equals(agent) || named.equals("*");
        token = token.substring(colon + 1).strip();
      }
      if (ours) {
        result = result.and(directive(token));
      }
    }
    return result;
  }

  private static RobotsDirectives directive(String token) {
    String compact = token.replace(" ", "");
    return switch (compact) {
      case "noindex" -> new RobotsDirectives(true, false, false);
      case "nofollow" -> new RobotsDirectives(false, true, false);
      case "none" -> new RobotsDirectives(true, true, false);
      case "nosnippet", "max-snippet:0" -> new RobotsDirectives(false, false, true);
      default -> RobotsDirectives.NONE;
    };
  }
}
