package io.mosaicdb.crawler.page;

import io.mosaicdb.crawler.duplicate.SimHash;
import io.mosaicdb.crawler.fetch.ResponseHeaders;
import io.mosaicdb.crawler.page.EncodingSniffer.Decision;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jsoup.nodes.Document;

/** Reads responses as pages. Safe for several threads. */
public final class PageReader {
  private static final int MAX_DOCUMENT_TITLE = 1_000;
  private static final int MAX_DOCUMENT_DESCRIPTION = 5_000;

  private final PageSettings settings;
  private final DirectivesReader directives;

  /** A reader with the bounds of {@link PageSettings#DEFAULTS}. */
  public PageReader() {
    this(PageSettings.DEFAULTS);
  }

  public PageReader(PageSettings settings) {
    this.settings = settings;
    this.directives = new DirectivesReader(settings.agent());
  }

  /**
   * Reads a response.
   *
   * @param url where the body was fetched; links are relative to it
   * @param body decoded: no content encoding left
   */
  public PageResult read(URI url, ResponseHeaders headers, byte[] body) {
    MediaType type = MediaType.of(headers, body);
    return switch (type.kind()) {
      case HTML, XHTML -> new PageResult.Readable(markup(url, headers, body, type.kind()));
      case MARKDOWN, PLAIN -> new PageResult.Readable(plain(url, headers, body, type.kind()));
      case OTHER -> new PageResult.NotText(type.name());
    };
  }

  private Page markup(URI url, ResponseHeaders headers, byte[] body, MediaType.Kind kind) {
    List<String> cuts = new ArrayList<>();
    Decision decision = EncodingSniffer.decide(headers, body, true);
    Document document =
        HtmlDocument.parse(
            characters(body, decision, cuts),
            url.toString(),
            kind == MediaType.Kind.XHTML,
            settings.maxElements(),
            cuts);
    URI base = PageHead.base(document, url);
    List<PageLink> links = PageLinks.of(document, base, settings.maxLinks(), cuts);
    String title = PageHead.title(document);
    String description = PageHead.description(document);
    URI canonical = PageHead.canonical(document, base, headers);
    RobotsDirectives asked = directives.of(headers).and(directives.of(document));
    PageDates dates = PageDates.of(document, headers);
    String language = PageHead.language(document, headers).orElse(null);
    MainText main = MainText.of(document, settings.maxTextLength(), cuts);
    return new Page(
        url,
        canonical,
        title,
        description,
        main.headings(),
        language == null ? LanguageGuess.of(main.text()).orElse(null) : language,
        main.text(),
        links,
        asked,
        dates.published(),
        dates.modified(),
        decision.encoding().name(),
        SimHash.exact(main.text()),
        SimHash.near(main.text()),
        cuts);
  }

  private Page plain(URI url, ResponseHeaders headers, byte[] body, MediaType.Kind kind) {
    List<String> cuts = new ArrayList<>();
    Decision decision = EncodingSniffer.decide(headers, body, false);
    PlainText plain =
        PlainText.of(
            characters(body, decision, cuts),
            kind == MediaType.Kind.MARKDOWN,
            settings.maxTextLength(),
            cuts);
    PageDates dates = PageDates.of(headers);
    return new Page(
        url,
        PageHead.canonical(url, headers),
        plain.title(),
        "",
        plain.headings(),
        PageHead.language(headers).or(() -> LanguageGuess.of(plain.text())).orElse(null),
        plain.text(),
        List.of(),
        directives.of(headers),
        dates.published(),
        dates.modified(),
        decision.encoding().name(),
        SimHash.exact(plain.text()),
        SimHash.near(plain.text()),
        cuts);
  }

  /** A document that another reader has read, as a page. */
  public Page page(URI url, ResponseHeaders headers, DocumentText document) {
    List<String> cuts = new ArrayList<>(document.cuts());
    String text = document.text();
    if (text.length() > settings.maxTextLength()) {
      cuts.add("the text is cut after %,d characters".formatted(settings.maxTextLength()));
      text = text.substring(0, settings.maxTextLength());
    }
    String told = document.title();
    if (told.isBlank()) {
      told =
          document.headings().isEmpty()
              ? text.lines().findFirst().orElse("")
              : document.headings().getFirst().text();
    }
    PageDates served = PageDates.of(headers);
    return new Page(
        url,
        PageHead.canonical(url, headers),
        Whitespace.folded(told, MAX_DOCUMENT_TITLE),
        Whitespace.folded(document.description(), MAX_DOCUMENT_DESCRIPTION),
        document.headings(),
        PageHead.primary(document.language())
            .or(() -> PageHead.language(headers))
            .or(() -> LanguageGuess.of(document.text()))
            .orElse(null),
        text,
        PageLinks.of(document.links(), url, settings.maxLinks(), cuts),
        directives.of(headers),
        document.created(),
        document.modified() == null ? served.modified() : document.modified(),
        "utf-8",
        SimHash.exact(text),
        SimHash.near(text),
        cuts);
  }

  private String characters(byte[] body, Decision decision, List<String> cuts) {
    int length = body.length - decision.markLength();
    if (body.length > settings.maxBytes()) {
      cuts.add("the body is cut after %,d bytes".formatted(settings.maxBytes()));
      length = Math.max(0, settings.maxBytes() - decision.markLength());
    }
    return EncodingSniffer.decode(body, decision.markLength(), length, decision.encoding());
  }
}
