package io.mosaicdb.crawler.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** Turns a tree into the blocks that a reader sees, in document order: one pass, no recursion. */
final class BlockReader implements NodeVisitor {
  private static final Set<String> BLOCKS =
      Set.of(
          "address",
          "article",
          "aside",
          "blockquote",
          "body",
          "caption",
          "center",
          "dd",
          "details",
          "dialog",
          "dir",
          "div",
          "dl",
          "dt",
          "fieldset",
          "figcaption",
          "figure",
          "footer",
          "form",
          "frameset",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "header",
          "hgroup",
          "hr",
          "legend",
          "li",
          "listing",
          "main",
          "menu",
          "nav",
          "ol",
          "optgroup",
          "p",
          "plaintext",
          "pre",
          "search",
          "section",
          "summary",
          "table",
          "tbody",
          "tfoot",
          "thead",
          "tr",
          "ul",
          "xmp");
  private static final Set<String> CELLS = Set.of("td", "th");
  private static final Set<String> PREFORMATTED = Set.of("pre", "listing", "plaintext", "xmp");
  private static final String CELL_GAP = " | ";

  private final List<Block> blocks = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private int linkStart = -1;
  private int linked;
  private int links;
  private int preformatted;
  private boolean blockIsPreformatted;
  private int level;
  private boolean ruled;
  private boolean cellOpen;

  private BlockReader() {}

  static List<Block> read(Element root) {
    BlockReader reader = new BlockReader();
    root.traverse(reader);
    reader.endBlock();
    return reader.blocks;
  }

  @Override
  public void head(Node node, int depth) {
    if (node instanceof TextNode textNode) {
      append(textNode.getWholeText());
    } else if (node instanceof Element element) {
      String name = element.normalName();
      if (BLOCKS.contains(name)) {
        endBlock();
        level = headingLevel(name);
        ruled |= name.equals("hr");
        preformatted += PREFORMATTED.contains(name) ? 1 : 0;
      } else if (CELLS.contains(name)) {
        startCell(element);
      } else if (name.equals("br")) {
        trimSpace();
        if (!text.isEmpty()) {
          text.append('\n');
        }
      } else if (name.equals("a") && element.hasAttr("href")) {
        if (links++ == 0) {
          linkStart = text.length();
        }
      }
    }
  }

  @Override
  public void tail(Node node, int depth) {
    if (!(node instanceof Element element)) {
      return;
    }
    String name = element.normalName();
    if (BLOCKS.contains(name)) {
      endBlock();
      preformatted -= PREFORMATTED.contains(name) ? 1 : 0;
      level = 0;
    } else if (name.equals("a") && element.hasAttr("href") && --links == 0) {
      countLink();
    }
  }

  private void append(String characters) {
    if (cellOpen && !characters.isBlank()) {
      text.append(CELL_GAP);
      cellOpen = false;
    }
    if (preformatted == 0) {
      Whitespace.appendFolded(characters, text);
      return;
    }
    for (int i = 0; i < characters.length(); i++) {
      char c = characters.charAt(i);
      if (c == '\n' || c == '\t' || (c >= ' ' && !Whitespace.isInvisible(c))) {
        text.append(c == '\u00a0' ? ' ' : c);
      }
    }
    blockIsPreformatted |= !characters.isBlank();
  }

  /**
   * Cells of a table of data share the line of their row; a cell that holds blocks is part of a
   * layout.
   */
  private void startCell(Element cell) {
    if (holdsBlocks(cell)) {
      endBlock();
      return;
    }
    trimSpace();
    cellOpen = !text.isEmpty();
  }

  private static boolean holdsBlocks(Element cell) {
    for (Element child = cell.firstElementChild();
        child != null;
        child = child.nextElementSibling()) {
      if (BLOCKS.contains(child.normalName())) {
        return true;
      }
    }
    return false;
  }

  private void countLink() {
    for (int i = Math.min(linkStart, text.length()); i < text.length(); i++) {
      linked += Whitespace.isSpace(text.charAt(i)) ? 0 : 1;
    }
    linkStart = -1;
  }

  private void endBlock() {
    if (links > 0) {
      countLink();
      linkStart = 0;
    }
    cellOpen = false;
    String content = stripped();
    if (!content.isEmpty()) {
      int letters = 0;
      int words = 0;
      int unspaced = 0;
      boolean inWord = false;
      for (int i = 0; i < content.length(); i++) {
        char c = content.charAt(i);
        boolean space = Whitespace.isSpace(c);
        letters += space ? 0 : 1;
        words += !space && !inWord ? 1 : 0;
        inWord = !space;
        unspaced += isUnspaced(c) ? 1 : 0;
      }
      blocks.add(
          new Block(
              content,
              letters,
              Math.min(linked, letters),
              Math.max(words, unspaced / 2),
              level,
              blockIsPreformatted,
              ruled));
      ruled = false;
    }
    text.setLength(0);
    linked = 0;
    blockIsPreformatted = false;
    if (links > 0) {
      linkStart = 0;
    }
  }

  private String stripped() {
    if (!blockIsPreformatted) {
      return text.toString().strip();
    }
    // The first line's indentation is the author's too.
    String whole = text.toString().stripTrailing();
    int start = 0;
    for (int i = 0; i < whole.length() && Character.isWhitespace(whole.charAt(i)); i++) {
      start = whole.charAt(i) == '\n' ? i + 1 : start;
    }
    return whole.substring(start);
  }

  private void trimSpace() {
    int length = text.length();
    if (length > 0 && text.charAt(length - 1) == ' ') {
      text.setLength(length - 1);
    }
  }

  private static boolean isUnspaced(char c) {
    // Thai to Khmer, and kana to CJK compatibility ideographs without Hangul.
    return (c >= '\u0e00' && c <= '\u0eff')
        || (c >= '\u1780' && c <= '\u17ff')
        || (c >= '\u3040' && c <= '\u9fff')
        || (c >= '\uf900' && c <= '\ufaff');
  }

  private static int headingLevel(String name) {
    boolean heading =
        name.length() == 2 && name.charAt(0) == 'h' && Character.isDigit(name.charAt(1));
    return heading ? name.charAt(1) - '0' : 0;
  }
}
