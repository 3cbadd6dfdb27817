package io.mosaicdb.crawler.page;

import io.mosaicdb.crawler.url.UrlNormalizer;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** The links of a document: anchors, image maps, frames, and the document's own redirect. */
final class PageLinks {
  private static final int MAX_ANCHOR = 500;
  private static final int MAX_HREF = 4_096;

  private final URI base;
  private final int max;
  private final Map<URI, PageLink> links = new LinkedHashMap<>();
  private boolean cut;

  private PageLinks(URI base, int max) {
    this.base = base;
    this.max = max;
  }

  static List<PageLink> of(Document document, URI base, int max, List<String> cuts) {
    PageLinks links = new PageLinks(base, max);
    for (Element element :
        document.select("a[href], area[href], frame[src], iframe[src], meta[http-equiv=refresh]")) {
      switch (element.normalName()) {
        case "a" -> links.add(element.attr("href"), anchor(element), rel(element));
        case "area" -> links.add(element.attr("href"), element.attr("alt"), rel(element));
        case "meta" ->
            refreshTarget(element.attr("content"))
                .ifPresent(target -> links.add(target, "", Set.of(PageLink.REFRESH)));
        default -> links.add(element.attr("src"), element.attr("title"), Set.of());
      }
    }
    if (links.cut) {
      cuts.add("links beyond the first %,d are left out".formatted(max));
    }
    return new ArrayList<>(links.links.values());
  }

  /** Those of a document that another reader has read. */
  static List<PageLink> of(List<DocumentText.Link> found, URI base, int max, List<String> cuts) {
    PageLinks links = new PageLinks(base, max);
    for (DocumentText.Link link : found) {
      links.add(link.target(), link.words(), Set.of());
    }
    if (links.cut) {
      cuts.add("links beyond the first %,d are left out".formatted(max));
    }
    return new ArrayList<>(links.links.values());
  }

  private void add(String href, String anchor, Set<String> rel) {
    String trimmed = href.strip();
    if (trimmed.isEmpty()
        || trimmed.startsWith("#")
        || trimmed.length() > MAX_HREF
        || isOther(trimmed)) {
      return;
    }
    Optional<URI> target = UrlNormalizer.normalize(base, trimmed);
    if (target.isEmpty()) {
      return;
    }
    PageLink link = new PageLink(target.get(), Whitespace.folded(anchor, MAX_ANCHOR), rel);
    PageLink known = links.get(link.target());
    if (known != null) {
      links.put(link.target(), merged(known, link));
    } else if (links.size() < max) {
      links.put(link.target(), link);
    } else {
      cut = true;
    }
  }

  /** A target is followed, and recommended, when one of its links does so. */
  private static PageLink merged(PageLink first, PageLink second) {
    Set<String> rel = new HashSet<>(first.rel());
    rel.addAll(second.rel());
    for (String refusal : List.of("nofollow", "ugc", "sponsored")) {
      if (!first.rel().contains(refusal) || !second.rel().contains(refusal)) {
        rel.remove(refusal);
      }
    }
    return new PageLink(
        first.target(), first.anchor().isEmpty() ? second.anchor() : first.anchor(), rel);
  }

  /**
   * Whether a reference names a scheme that is not the web's, such as mailto, javascript, tel or
   * data.
   */
  private static boolean isOther(String href) {
    int colon = href.indexOf(':');
    for (int i = 0; i < colon; i++) {
      char c = href.charAt(i);
      boolean scheme = Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.' || c <= ' ';
      if (!scheme) {
        return false;
      }
    }
    if (colon <= 0) {
      return false;
    }
    String scheme = href.substring(0, colon).toLowerCase(Locale.ROOT);
    return !scheme.equals("http") && !scheme.equals("https");
  }

  private static String anchor(Element anchor) {
    String text = anchor.text();
    if (!text.isBlank()) {
      return text;
    }
    for (Element image : anchor.select("img[alt], svg[aria-label]")) {
      String alt = image.hasAttr("alt") ? image.attr("alt") : image.attr("aria-label");
      if (!alt.isBlank()) {
        return alt;
      }
    }
    return anchor.hasAttr("aria-label") ? anchor.attr("aria-label") : anchor.attr("title");
  }

  private static Set<String> rel(Element element) {
    Set<String> tokens = new HashSet<>();
    for (String token : element.attr("rel").toLowerCase(Locale.ROOT).split("\\s+", 16)) {
      if (!token.isBlank() && !token.equals(PageLink.REFRESH)) {
        tokens.add(token);
      }
    }
    return tokens;
  }

  /** The URL in {@code 5; url='next.html'}; empty for a mere reload. */
  static Optional<String> refreshTarget(String content) {
    int at = 0;
    while (at < content.length() && "0123456789. \t\n".indexOf(content.charAt(at)) >= 0) {
      at++;
    }
    String rest = content.substring(at).strip();
    if (rest.startsWith(";") || rest.startsWith(",")) {
      rest = rest.substring(1).strip();
    } else if (at == 0) {
      return Optional.empty();
    }
    if (rest.regionMatches(true, 0, "url", 0, 3)) {
      String after = rest.substring(3).strip();
      if (after.startsWith("=")) {
        rest = after.substring(1).strip();
      }
    }
    if (rest.startsWith("'") || rest.startsWith("\"")) {
      int end = rest.indexOf(rest.charAt(0), 1);
      rest = end < 0 ? rest.substring(1) : rest.substring(1, end);
    }
    return rest.isBlank() ? Optional.empty() : Optional.of(rest);
  }
}
