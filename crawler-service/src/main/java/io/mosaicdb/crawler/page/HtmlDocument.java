package io.mosaicdb.crawler.page;

import java.util.Iterator;
import java.util.List;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jsoup.parser.StreamParser;

/**
 * Parses markup into a tree of bounded size. jsoup bounds the depth (512), the attributes of an
 * element (512) and the formatting elements that broken markup multiplies; the number of elements
 * is bounded here, by parsing as a stream that can be stopped.
 */
final class HtmlDocument {
  private HtmlDocument() {}

  /** The tree of a markup, as far as {@code maxElements} reach; a cut is told in {@code cuts}. */
  static Document parse(
      String markup, String base, boolean xml, int maxElements, List<String> cuts) {
    if (xml) {
      Document document = parse(Parser.xmlParser(), markup, base, maxElements, cuts);
      if (document.selectFirst("html > body") != null) {
        return document;
      }
    }
    return parse(Parser.htmlParser(), markup, base, maxElements, cuts);
  }

  private static Document parse(
      Parser parser, String markup, String base, int maxElements, List<String> cuts) {
    try (StreamParser stream = new StreamParser(parser).parse(markup, base)) {
      Iterator<Element> closed = stream.iterator();
      int elements = 0;
      while (closed.hasNext()) {
        closed.next();
        elements++;
        if (elements > maxElements) {
          cuts.add("the document is cut after %,d elements".formatted(maxElements));
          break;
        }
      }
      return stream.document();
    }
  }
}
