package io.mosaicdb.crawler.page;

import io.mosaicdb.crawler.duplicate.SimHash;
import io.mosaicdb.crawler.fetch.ResponseHeaders;
import io.mosaicdb.crawler.url.UrlNormalizer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/** Reads responses as pages. Safe for several threads. */
public final class PageReader {
  private final PageSettings settings;

  /** A reader with the bounds of {@link PageSettings#DEFAULTS}. */
  public PageReader() {
    this(PageSettings.DEFAULTS);
  }

  public PageReader(PageSettings settings) {
    this.settings = settings;
  }

  /**
   * Reads a response.
   *
   * @param url where the body was fetched; links are relative to it
   * @param body decoded: no content encoding left
   */
  public PageResult read(URI url, ResponseHeaders headers, byte[] body) {
    String type = headers.mediaType().orElse("text/html");
    if (!type.equals("text/html")) {
      return new PageResult.NotText(type);
    }
    var decision = EncodingSniffer.decide(headers, body, true);
    int length = Math.min(body.length, settings.maxBytes()) - decision.markLength();
    String html = EncodingSniffer.decode(body, decision.markLength(), length, decision.encoding());
    Document document = Parser.htmlParser().parseInput(html, url.toString());
    List<PageLink> links = new ArrayList<>();
    for (Element anchor : document.select("a[href]")) {
      Optional<URI> target = UrlNormalizer.normalize(url, anchor.attr("href"));
      target.ifPresent(uri -> links.add(new PageLink(uri, anchor.text(), Set.of())));
    }
    String text = document.body().text();
    return new PageResult.Readable(
        new Page(
            url,
            null,
            document.title(),
            "",
            List.of(),
            null,
            text,
            links,
            RobotsDirectives.NONE,
            null,
            null,
            decision.encoding().name(),
            SimHash.exact(text),
            SimHash.near(text),
            List.of()));
  }
}
