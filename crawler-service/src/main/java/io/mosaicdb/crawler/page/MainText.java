package io.mosaicdb.crawler.page;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * The text that a reader came for, without what surrounds it on every page of the site.
 *
 * <ol>
 *   <li>What is not shown is removed: scripts, styles, hidden elements, controls.
 *   <li>What names itself boilerplate is removed, by element, role, class or id, unless it holds
 *       most of the text.
 *   <li>Where the page marks its main part ({@code main}, {@code role=main}, a single {@code
 *       article}), that is it.
 *   <li>Elsewhere the page becomes a list of blocks, and navigation and short lines before the
 *       first and after the last block of prose are cut. What stands between them stays, lists of
 *       links included.
 * </ol>
 *
 * Every step is taken back when it would leave too little, so the text is empty only where nothing
 * is shown.
 */
record MainText(String text, List<Heading> headings) {
  private static final Pattern CLOSING_LINE =
      Pattern.compile(
          "(?i)(copyright\\b.*|.*(©|\\(c\\)\\s*(copyright|\\d{4})).*|.*all rights reserved.*|(this )?page (was )?last (modified|updated|changed).*"
              + "|last (modified|updated|changed)\\b.*|powered by .*|valid x?html.*)",
          Pattern.DOTALL);

  /** A marked main part with less than this share of the letters shown is marked wrongly. */
  private static final double MARKED_SHARE = .2;

  /** Cutting the edges away must leave this share of what is no link. */
  private static final double KEPT_SHARE = .4;

  /** Short lines without heading that may precede the prose. */
  private static final int MAX_LEAD = 3;

  private static final int CLOSING_LENGTH = 300;

  /** Destroys the document. */
  static MainText of(Document document, int maxLength, List<String> cuts) {
    Element body = document.body();
    // A page for scripts alone often says something to those that run none.
    List<Block> unscripted = new ArrayList<>();
    for (Element noscript : body.select("noscript")) {
      unscripted.addAll(BlockReader.read(noscript));
    }
    Boilerplate.removeUnseen(body);
    List<Block> shown = BlockReader.read(body);
    if (shown.isEmpty()) {
      return of(unscripted, maxLength, cuts);
    }
    Boilerplate.removeRepeated(body);
    Element marked = marked(body);
    List<Block> blocks =
        marked == null ? withoutEdges(BlockReader.read(body)) : BlockReader.read(marked);
    return of(blocks.isEmpty() ? shown : blocks, maxLength, cuts);
  }

  private static MainText of(List<Block> blocks, int maxLength, List<String> cuts) {
    StringBuilder text = new StringBuilder();
    List<Heading> headings = new ArrayList<>();
    for (Block block : blocks) {
      if (text.length() + block.text().length() + 1 > maxLength) {
        cuts.add("the text is cut after %,d characters".formatted(maxLength));
        if (text.isEmpty()) {
          text.append(block.text(), 0, maxLength - 1);
        }
        break;
      }
      if (!text.isEmpty()) {
        text.append('\n');
      }
      text.append(block.text());
      if (block.level() > 0) {
        headings.add(new Heading(block.level(), Whitespace.folded(block.text(), 500)));
      }
    }
    return new MainText(text.toString(), headings);
  }

  /** The part that the page marks as its main one. Null without one that can be believed. */
  private static @Nullable Element marked(Element body) {
    Element marked = body.selectFirst("main, [role=main]");
    if (marked == null) {
      List<Element> articles = new ArrayList<>();
      for (Element article : body.select("article")) {
        if (article.closest("article article") == null) {
          articles.add(article);
        }
      }
      // Several articles side by side are a list of them.
      marked = articles.size() == 1 ? articles.getFirst() : null;
    }
    return marked != null && Boilerplate.letters(marked) >= MARKED_SHARE * Boilerplate.letters(body)
        ? marked
        : null;
  }

  private static List<Block> withoutEdges(List<Block> blocks) {
    int first = 0;
    while (first < blocks.size() && !blocks.get(first).isProse()) {
      first++;
    }
    if (first == blocks.size()) {
      return blocks;
    }
    int last = blocks.size() - 1;
    while (!blocks.get(last).isProse() || isClosing(blocks.get(last))) {
      if (last == first) {
        return blocks;
      }
      last--;
    }
    // Headings, and what is between them and the prose, belong to it; without one, the last few
    // lines: terms, dates.
    int start = first;
    int nearest = first;
    for (int i = first; i > 0 && !blocks.get(i).ruled() && !blocks.get(i - 1).isNavigation(); i--) {
      if (blocks.get(i - 1).level() > 0) {
        start = i - 1;
      } else if (first - i < MAX_LEAD) {
        nearest = i - 1;
      }
    }
    start = Math.min(start, nearest);
    int end = last + 1;
    while (end < blocks.size()
        && !blocks.get(end).isNavigation()
        && !blocks.get(end).ruled()
        && !isClosing(blocks.get(end))) {
      end++;
    }
    List<Block> kept = blocks.subList(start, end);
    return unlinked(kept) >= KEPT_SHARE * unlinked(blocks) ? kept : blocks;
  }

  private static boolean isClosing(Block block) {
    return block.text().length() <= CLOSING_LENGTH && CLOSING_LINE.matcher(block.text()).matches();
  }

  private static long unlinked(List<Block> blocks) {
    long letters = 0;
    for (Block block : blocks) {
      letters += block.letters() - block.linked();
    }
    return letters;
  }
}
