package io.mosaicdb.crawler.page;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import io.mosaicdb.crawler.url.UrlNormalizer;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/** What a document says about itself: base, title, description, canonical address and language. */
final class PageHead {
  private static final int MAX_TITLE = 1_000;
  private static final int MAX_DESCRIPTION = 5_000;
  private static final Pattern LANGUAGE =
      Pattern.compile("([a-zA-Z]{2,3})(?:[-_].*)?", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("<([^<>]*)>([^<]*)");
  private static final Pattern CANONICAL =
      Pattern.compile(";\\s*rel\\s*=\\s*\"?[^\";]*\\bcanonical\\b", Pattern.CASE_INSENSITIVE);

  private PageHead() {}

  /** What relative links of the document are relative to. */
  static URI base(Document document, URI url) {
    Element base = document.selectFirst("base[href]");
    return base == null ? url : UrlNormalizer.normalize(url, base.attr("href").strip()).orElse(url);
  }

  static String title(Document document) {
    return first(
        meta(document, "property", "og:title", MAX_TITLE),
        Whitespace.folded(document.title(), MAX_TITLE),
        text(document.selectFirst("h1")),
        meta(document, "name", "twitter:title", MAX_TITLE),
        text(document.selectFirst("h2")));
  }

  static String description(Document document) {
    return first(
        meta(document, "name", "description", MAX_DESCRIPTION),
        meta(document, "property", "og:description", MAX_DESCRIPTION));
  }

  /** The one address that the page names as its own; none when it names several. */
  static @Nullable URI canonical(Document document, URI base, ResponseHeaders headers) {
    Set<URI> named = new HashSet<>();
    for (Element link : document.select("link[rel~=(?i)\\bcanonical\\b][href]")) {
      UrlNormalizer.normalize(base, link.attr("href").strip())
          .filter(PageHead::isWeb)
          .ifPresent(named::add);
    }
    if (named.isEmpty()) {
      return canonical(base, headers);
    }
    return named.size() == 1 ? named.iterator().next() : null;
  }

  static @Nullable URI canonical(URI url, ResponseHeaders headers) {
    Set<URI> named = new HashSet<>();
    for (String value : headers.all("Link")) {
      Matcher link = LINK.matcher(value);
      while (link.find()) {
        if (CANONICAL.matcher(link.group(2)).find()) {
          UrlNormalizer.normalize(url, link.group(1).strip())
              .filter(PageHead::isWeb)
              .ifPresent(named::add);
        }
      }
    }
    return named.size() == 1 ? named.iterator().next() : null;
  }

  private static boolean isWeb(URI url) {
    return "http".equals(url.getScheme()) || "https".equals(url.getScheme());
  }

  static Optional<String> language(Document document, ResponseHeaders headers) {
    Element html = document.selectFirst("html");
    String told =
        html == null
            ? ""
            : first(
                html.attr("lang"),
                html.attr("xml:lang"),
                meta(document, "http-equiv", "content-language", 64));
    return primary(told).or(() -> language(headers));
  }

  static Optional<String> language(ResponseHeaders headers) {
    // Several languages are those of the intended readers: they do not tell the text's.
    return headers
        .first("Content-Language")
        .filter(value -> value.indexOf(',') < 0)
        .flatMap(PageHead::primary);
  }

  static Optional<String> primary(String tag) {
    Matcher matcher = LANGUAGE.matcher(tag.strip());
    return matcher.matches()
        ? Optional.of(matcher.group(1).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  private static String meta(Document document, String attribute, String name, int maxLength) {
    for (Element meta : document.select("meta[" + attribute + "][content]")) {
      if (meta.attr(attribute).strip().equalsIgnoreCase(name)) {
        String content = Whitespace.folded(meta.attr("content"), maxLength);
        if (!content.isEmpty()) {
          return content;
        }
      }
    }
    return "";
  }

  private static String text(@Nullable Element element) {
    return element == null ? "" : Whitespace.folded(element.text(), MAX_TITLE);
  }

  private static String first(String... candidates) {
    for (String candidate : candidates) {
      if (!candidate.isBlank()) {
        return candidate;
      }
    }
    return "";
  }
}
