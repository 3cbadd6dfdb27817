package io.mosaicdb.crawler.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/**
 * Tells parts of a page that are not its text: what is never shown, and what every page of a site
 * repeats.
 */
final class Boilerplate {
  private static final Set<String> UNSEEN =
      Set.of(
          "script",
          "style",
          "template",
          "noscript",
          "noframes",
          "svg",
          "canvas",
          "iframe",
          "object",
          "embed",
          "applet",
          "audio",
          "video",
          "select",
          "datalist",
          "textarea",
          "input",
          "button",
          "map",
          "dialog",
          "head",
          "title",
          "link",
          "meta",
          "math-annotation",
          "rp");
  private static final Set<String> ROLES =
      Set.of(
          "navigation",
          "banner",
          "contentinfo",
          "search",
          "menu",
          "menubar",
          "toolbar",
          "dialog",
          "alertdialog",
          "tablist",
          "complementary",
          "presentation-navigation",
          "doc-pagebreak",
          "doc-backlink");

  /** Words of class and id that name boilerplate wherever they are a whole word of it. */
  private static final Set<String> NAMES =
      Set.of(
          "nav",
          "navbar",
          "navigation",
          "navheader",
          "navfooter",
          "navlinks",
          "navmenu",
          "subnav",
          "topnav",
          "sidenav",
          "bottomnav",
          "sitenav",
          "menu",
          "menubar",
          "submenu",
          "breadcrumb",
          "breadcrumbs",
          "crumbs",
          "sidebar",
          "masthead",
          "footer",
          "topbar",
          "toolbar",
          "pagination",
          "pager",
          "sharing",
          "social",
          "advert",
          "advertisement",
          "ads",
          "adsbygoogle",
          "sponsor",
          "popup",
          "modal",
          "newsletter",
          "skiplink",
          "skipnav",
          "noprint",
          "navbox",
          "editsection",
          "headerlink",
          "permalink",
          "copyright",
          "colophon",
          "siteheader",
          "sitefooter",
          "pagefooter");

  /** Consent banners stand outside the text and may be as long as it. */
  private static final Set<String> CONSENT =
      Set.of("cookie", "cookies", "consent", "gdpr", "cookiebar", "ccpa");

  /** Names given to what is read out only; most of it helps to get past the navigation. */
  private static final Set<String> HIDDEN_CLASSES =
      Set.of(
          "sr-only",
          "visually-hidden",
          "visuallyhidden",
          "screen-reader-text",
          "skip-link",
          "skip-nav");

  /** An element of such a name holds the text, whatever else it is named. */
  private static final Set<String> CONTENT =
      Set.of(
          "content",
          "main",
          "article",
          "body",
          "post",
          "entry",
          "page",
          "wrapper",
          "container",
          "layout",
          "text",
          "documentation");

  /** What holds more than this share of a page's letters is the page, whatever it is named. */
  private static final double MOST = .4;

  private Boilerplate() {}

  /** Removes what a browser does not show as text. */
  static void removeUnseen(Element body) {
    remove(body, Boilerplate::isUnseen);
  }

  private static void remove(Element body, Predicate<Element> refused) {
    body.filter((node, depth) ->
        node instanceof Element element && !element.equals(body) && refused.test(element)
            ? NodeFilter.FilterResult.REMOVE
            : NodeFilter.FilterResult.CONTINUE);
  }

  private static boolean isUnseen(Element element) {
    if (UNSEEN.contains(element.normalName())) {
      return true;
    }
    if (element.attributesSize() == 0) {
      return false;
    }
    if (element.hasAttr("hidden") || element.attr("aria-hidden").equalsIgnoreCase("true")) {
      return true;
    }
    String style = element.attr("style");
    if (!style.isEmpty()) {
      String compact = style.replace(" ", "").toLowerCase(Locale.ROOT);
      if (compact.contains("display:none") || compact.contains("visibility:hidden")) {
        return true;
      }
    }
    if (element.hasAttr("class")) {
      for (String name : element.classNames()) {
        if (HIDDEN_CLASSES.contains(name)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Removes navigation, page headers and footers, side bars and banners, unless they hold most of
   * the text.
   */
  static void removeRepeated(Element body) {
    int all = letters(body);
    List<Element> repeated = new ArrayList<>();
    body.filter((node, depth) -> {
      boolean taken =
          node instanceof Element element
              && !element.equals(body)
              && (isRemovableConsent(element)
                  || (isRepeated(element)
                      && element.selectFirst("main, article, [role=main]") == null
                      && letters(element) <= MOST * all));
      if (taken) {
        repeated.add((Element) node);
      }
      return taken ? NodeFilter.FilterResult.SKIP_ENTIRELY : NodeFilter.FilterResult.CONTINUE;
    });
    for (Element element : repeated) {
      // What stood on its two sides does not belong together.
      element.replaceWith(new Element("hr"));
    }
  }

  private static boolean isRemovableConsent(Element element) {
    return isConsent(element) && element.selectFirst("main, article") == null;
  }

  private static boolean isConsent(Element element) {
    return (element.hasAttr("class") || element.hasAttr("id"))
        && words(element).stream().anyMatch(CONSENT::contains)
        && element.closest("main, article, [role=main]") == null
        && words(element).stream().noneMatch(CONTENT::contains);
  }

  private static boolean isRepeated(Element element) {
    String name = element.normalName();
    if (name.equals("main") || name.equals("article") || name.equals("body")) {
      return false;
    }
    if (name.equals("nav")) {
      return true;
    }
    if (name.equals("header") || name.equals("footer") || name.equals("aside")) {
      // Inside an article they are its own: its title, its notes.
      return element.closest("article, main, [role=main]") == null;
    }
    if (element.attributesSize() == 0) {
      return false;
    }
    if (ROLES.contains(element.attr("role").strip().toLowerCase(Locale.ROOT))) {
      return true;
    }
    if (!element.hasAttr("class") && !element.hasAttr("id")) {
      return false;
    }
    List<String> words = words(element);
    return words.stream().anyMatch(NAMES::contains) && words.stream().noneMatch(CONTENT::contains);
  }

  /** The words of class and id: {@code site-navBar} has site, nav, bar and navbar. */
  private static List<String> words(Element element) {
    List<String> words = new ArrayList<>();
    for (String name : (element.className() + " " + element.id()).split("[\\s_-]+", 40)) {
      words.add(name.toLowerCase(Locale.ROOT));
      int start = 0;
      for (int i = 1; i < name.length(); i++) {
        if (Character.isUpperCase(name.charAt(i)) && !Character.isUpperCase(name.charAt(i - 1))) {
          words.add(name.substring(start, i).toLowerCase(Locale.ROOT));
          start = i;
        }
      }
      if (start > 0) {
        words.add(name.substring(start).toLowerCase(Locale.ROOT));
      }
    }
    return words;
  }

  /** Letters that an element shows. */
  static int letters(Element element) {
    int[] letters = new int[1];
    element.traverse((node, depth) -> {
      if (node instanceof TextNode text) {
        String whole = text.getWholeText();
        for (int i = 0; i < whole.length(); i++) {
          letters[0] += Whitespace.isSpace(whole.charAt(i)) ? 0 : 1;
        }
      }
    });
    return letters[0];
  }
}
