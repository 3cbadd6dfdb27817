package io.mosaicdb.standalone.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * What a page of javadoc says, without navigation and signatures: the description of a type or a
 * package and the first sentence about each member.
 *
 * @param path from the root of its site
 * @param kind class, interface, enum, annotation, record or package
 * @param since the version that brought it, as written, or null
 */
record JavadocPage(
    String path,
    String title,
    String text,
    String library,
    String kind,
    String packageName,
    @Nullable String since,
    boolean deprecated,
    List<Link> links) {
  /** Enough for the whole of most pages; the longest would cost the demo its two minutes. */
  private static final int LONGEST_DESCRIPTION = 1_100;

  private static final int LONGEST_TEXT = 1_700;
  private static final int SHORTEST_TEXT = 60;
  private static final int MOST_LINKS = 100;

  /** What relative links are resolved against; no page leads there otherwise. */
  private static final String SITE = "http://site.invalid";

  /** Every type has them and says the same of them. */
  private static final Set<String> UNTELLING = Set.of("equals", "hashCode", "toString");

  /** A link to another page of the library, by its path, fragment removed. */
  record Link(String path, String text) {}

  JavadocPage {
    links = List.copyOf(links);
  }

  /**
   * The page of a path below the library's folder, or nothing when it has no description to speak
   * of.
   */
  static Optional<JavadocPage> read(String library, String inJar, String html, boolean isPackage) {
    String path = "/" + library + "/" + inJar;
    Document document = Jsoup.parse(html, SITE + path);
    Element main = document.selectFirst("main");
    Element heading = main == null ? null : main.selectFirst("h1.title");
    if (main == null || heading == null) {
      return Optional.empty();
    }
    Element description =
        main.selectFirst(isPackage ? ".package-description" : ".class-description");
    String text = text(description, members(main));
    if (text.length() < SHORTEST_TEXT) {
      return Optional.empty();
    }
    String packageName = packageName(main, heading, isPackage);
    String name = path.substring(path.lastIndexOf('/') + 1, path.length() - ".html".length());
    return Optional.of(
        new JavadocPage(
            path,
            isPackage ? packageName : name,
            text,
            library,
            isPackage ? "package" : kind(heading),
            packageName,
            since(description),
            description != null && description.selectFirst("> .deprecation-block") != null,
            links(main, path)));
  }

  /** The path of its package's page. */
  String packagePath() {
    return path.substring(0, path.lastIndexOf('/') + 1) + "package-summary.html";
  }

  /** One line about it: what it is, where, since when. */
  String facts() {
    return (deprecated ? "Deprecated " : "")
        + kind
        + (kind.equals("package") ? "" : " of package " + packageName)
        + " in "
        + library
        + (since == null ? "" : ", since " + since);
  }

  private static String text(@Nullable Element description, Map<String, String> members) {
    var text = new StringBuilder();
    if (description != null) {
      for (Element block : description.select("> .block, > .horizontal-scroll > .block")) {
        text.append(paragraphs(block)).append("\n\n");
      }
    }
    cut(text, LONGEST_DESCRIPTION);
    for (var member : members.entrySet()) {
      String line = member.getKey() + ": " + member.getValue() + "\n";
      if (text.length() + line.length() > LONGEST_TEXT) {
        break;
      }
      text.append(line);
    }
    return text.toString().strip();
  }

  private static String paragraphs(Element block) {
    Element copy = block.clone();
    copy.select("script, style").remove();
    copy.select("p, li, pre, h2, h3, h4, dt, tr").before("\n\n");
    var lines = new ArrayList<String>();
    copy.wholeText().replace('\u00a0', ' ').lines().map(String::strip).forEach(lines::add);
    return String.join("\n", lines).replaceAll("\n{2,}", "\n\n").replaceAll("(?<!\n)\n(?!\n)", " ");
  }

  private static void cut(StringBuilder text, int longest) {
    if (text.length() <= longest) {
      return;
    }
    int end = text.lastIndexOf(". ", longest);
    text.setLength(end > longest / 2 ? end + 1 : longest);
    text.append("\n\n");
  }

  /** The first sentence about each member, overloads once. */
  private static Map<String, String> members(Element main) {
    var members = new LinkedHashMap<String, String>();
    for (Element name : main.select(".summary-table .member-name-link")) {
      Element cell = name.closest("div[class^=col-]");
      Element sibling = cell == null ? null : cell.nextElementSibling();
      Element block = sibling == null ? null : sibling.selectFirst(".block");
      if (block != null && !block.text().isBlank() && !UNTELLING.contains(name.text())) {
        members.putIfAbsent(name.text(), block.text());
      }
    }
    return members;
  }

  private static String packageName(Element main, Element heading, boolean isPackage) {
    if (isPackage) {
      return heading.text().replaceFirst("^Package ", "").strip();
    }
    Element link = main.ownerDocument() == null ? null : packageLink(main.ownerDocument());
    return link == null ? "" : link.text().strip();
  }

  private static @Nullable Element packageLink(Document document) {
    Element trail =
        document.selectFirst(
            "ol.sub-nav-list a[href=package-summary.html],"
                + " .sub-title a[href=package-summary.html]");
    return trail == null ? document.selectFirst("a[href=package-summary.html]") : trail;
  }

  private static String kind(Element heading) {
    String words = heading.text().toLowerCase(Locale.ROOT);
    if (words.startsWith("annotation")) {
      return "annotation";
    }
    int end = words.indexOf(' ');
    return end < 0 ? "class" : words.substring(0, end);
  }

  private static @Nullable String since(@Nullable Element description) {
    if (description == null) {
      return null;
    }
    for (Element term : description.select("dl.notes > dt")) {
      Element value = term.nextElementSibling();
      if (term.text().startsWith("Since") && value != null && !value.text().isBlank()) {
        return value.text();
      }
    }
    return null;
  }

  private static List<Link> links(Element main, String own) {
    var seen = new LinkedHashSet<String>();
    seen.add(own);
    var links = new ArrayList<Link>();
    for (Element anchor : main.select("a[href]")) {
      String target = anchor.absUrl("href").replaceFirst("[#?].*", "");
      if (!target.startsWith(SITE + "/") || anchor.text().isBlank()) {
        continue;
      }
      String path = target.substring(SITE.length());
      if (seen.add(path)) {
        links.add(new Link(path, anchor.text()));
      }
      if (links.size() == MOST_LINKS) {
        break;
      }
    }
    return links;
  }
}
