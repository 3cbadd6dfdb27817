package io.mosaicdb.documents;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Takes what a parser tells: text in lines, headings, links; stops it when there is enough. */
final class TextHandler extends DefaultHandler {
  private static final int MOST_HEADINGS = 2_000;
  private static final int LONGEST_WORDS = 500;
  private static final Set<String> BLOCKS =
      Set.of(
          "p",
          "div",
          "li",
          "tr",
          "table",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "br",
          "body",
          "ul",
          "ol",
          "pre",
          "blockquote",
          "title");

  /** Enough was read. */
  private static final class FullException extends SAXException {
    private static final long serialVersionUID = 1;

    FullException(int most) {
      super("there is more than " + most + " characters");
    }
  }

  private final int mostText;
  private final int mostLinks;
  private final StringBuilder text = new StringBuilder();
  private final List<DocumentText.Heading> headings = new ArrayList<>();
  private final List<DocumentText.Link> links = new ArrayList<>();
  private boolean full;
  private boolean space;
  private boolean inHead;
  private int headingFrom = -1;
  private int linkFrom = -1;
  private @Nullable String target;

  TextHandler(int mostText, int mostLinks) {
    this.mostText = mostText;
    this.mostLinks = mostLinks;
  }

  boolean isFull() {
    return full;
  }

  boolean isUntouched() {
    return text.isEmpty() && links.isEmpty();
  }

  String text() {
    return text.toString().strip();
  }

  List<DocumentText.Heading> headings() {
    return List.copyOf(headings);
  }

  List<DocumentText.Link> links() {
    return List.copyOf(links);
  }

  @Override
  public void startElement(String uri, String name, String qualified, Attributes attributes) {
    if (name.equals("head")) {
      inHead = true;
    }
    if (BLOCKS.contains(name)) {
      line();
    }
    if (level(name) > 0) {
      headingFrom = text.length();
    }
    var href = attributes.getValue("href");
    if (name.equals("a") && href != null) {
      target = href;
      linkFrom = text.length();
    }
  }

  @Override
  public void endElement(String uri, String name, String qualified) {
    if (name.equals("head")) {
      inHead = false;
    }
    if (level(name) > 0 && headingFrom >= 0) {
      var words = since(headingFrom);
      if (!words.isEmpty() && headings.size() < MOST_HEADINGS) {
        headings.add(new DocumentText.Heading(level(name), words));
      }
      headingFrom = -1;
    }
    if (name.equals("a") && target != null) {
      var words = since(linkFrom);
      if (words.equals(target)) {
        // The address of a PDF's link, which nobody sees.
        text.setLength(linkFrom);
        words = "";
      }
      if (links.size() < mostLinks) {
        links.add(new DocumentText.Link(target, words));
      }
      target = null;
    }
    if (BLOCKS.contains(name)) {
      line();
    } else if (name.equals("td") || name.equals("th")) {
      space = true;
    }
  }

  private static int level(String name) {
    return name.length() == 2
            && name.charAt(0) == 'h'
            && name.charAt(1) >= '1'
            && name.charAt(1) <= '6'
        ? name.charAt(1) - '0'
        : 0;
  }

  private String since(int from) {
    var words = text.substring(Math.min(from, text.length())).replaceAll("\\s+", " ").strip();
    return words.substring(0, Math.min(LONGEST_WORDS, words.length()));
  }

  @Override
  public void characters(char[] characters, int start, int length) throws SAXException {
    if (inHead) {
      // The title is among the metadata.
      return;
    }
    for (int i = start; i < start + length; i++) {
      char c = characters[i];
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        // Where a line of a PDF ends its paragraph need not.
        space = true;
      } else if (!Character.isISOControl(c) && c != '\ufffe' && c != '\uffff') {
        if (space && !text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
          text.append(' ');
        }
        space = false;
        text.append(c);
        if (text.length() >= mostText) {
          full = true;
          throw new FullException(mostText);
        }
      }
    }
  }

  @Override
  public void ignorableWhitespace(char[] characters, int start, int length) {
    space = true;
  }

  private void line() {
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
      text.append('\n');
    }
    space = false;
  }
}
