package io.mosaicdb.crawler.sitemap;

import io.mosaicdb.crawler.url.UrlNormalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * Reads crawler-commons' sitemaps and feeds. They come without expected answers: held against them
 * is what a search for their elements finds.
 */
public final class SitemapSuites {
  private static final Pattern ELEMENTS =
      Pattern.compile(
          "<(?:[a-z]+:)?(?:loc|link)(?:\\s[^>]*href=\"([^\"]*)\"[^>]*/?>|\\s*>\\s*(?:<!\\[CDATA\\[)?([^<\\]]*))");
  private static final Pattern LINES = Pattern.compile("(?m)^\\uFEFF?()(https?://\\S+)");

  private static final Pattern BARE = Pattern.compile("<sitemap>()\\s*(https?://[^<\\s]+)");
  // What a feed says of itself, and how an entry is edited, are no pages; a guid is one.
  private static final Map<String, Set<String>> READ_BY_EYE =
      Map.of(
          "feed.rss",
          Set.of(
              "https://www.example.com/blog/post/1",
              "https://www.example.com/guid.html",
              "https://www.example.com/foo?l=en&q=a",
              "https://www.example.com/foo?l=fr&q=a"),
          "atom.xml",
          Set.of("http://example.org/2003/12/13/atom03"));
  private static final Set<String> OF_THE_FEED_ITSELF = Set.of("http://www.example.com/rss.xml");

  private SitemapSuites() {}

  /** Argument: the folder that holds {@code crawler-commons}. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("say where crawler-commons is");
    }
    var folder = Path.of(arguments[0]).resolve("crawler-commons");
    int passed = 0;
    int all = 0;
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(SitemapSuites::isSitemap).sorted().toList()) {
        all++;
        passed += read(file) ? 1 : 0;
      }
    }
    System.out.printf(Locale.ROOT, "crawler-commons sitemaps and feeds: %d/%d%n", passed, all);
  }

  private static boolean isSitemap(Path file) {
    return Files.isRegularFile(file)
        && (file.toString().contains("/sitemaps/") || file.toString().contains("/rss/"));
  }

  private static boolean read(Path file) throws IOException {
    var bytes = Files.readAllBytes(file);
    var url = URI.create("http://www.example.com/" + file.getFileName());
    var expected = expected(url, file, bytes);
    var sitemap = SitemapReader.read(url, bytes);
    var found = new HashSet<URI>();
    sitemap.ifPresent(read -> {
      read.entries().forEach(entry -> found.add(entry.url()));
      found.addAll(read.children());
    });
    boolean good = found.equals(expected);
    System.out.printf(
        Locale.ROOT,
        "%s %-45s %-8s %d URLs%n",
        good ? "ok      " : "differs ",
        file.getFileName(),
        sitemap.map(read -> read.kind().toString()).orElse("none"),
        found.size());
    if (!good) {
      var missing = new HashSet<>(expected);
      missing.removeAll(found);
      found.removeAll(expected);
      System.out.println("  missing " + missing + ", unexpected " + found);
    }
    return good;
  }

  private static Set<URI> expected(URI url, Path file, byte[] bytes) throws IOException {
    var known = READ_BY_EYE.get(file.getFileName().toString());
    if (known != null) {
      return known.stream().map(URI::create).collect(Collectors.toSet());
    }
    boolean packed = bytes.length > 1 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
    var plain =
        packed ? new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes() : bytes;
    var text = new String(plain, StandardCharsets.UTF_8);
    var expected = new HashSet<URI>();
    var pattern = file.toString().contains(".txt") ? LINES : ELEMENTS;
    var elements =
        (text.contains("<loc>") || !text.contains("<sitemap>") ? pattern : BARE).matcher(text);
    while (elements.find()) {
      var target = elements.group(1) == null ? elements.group(2) : elements.group(1);
      target = target.isEmpty() ? elements.group(2) : target;
      UrlNormalizer.normalize(url, target.strip().replace("&amp;", "&"))
          .filter(found -> !OF_THE_FEED_ITSELF.contains(found.toString()))
          .ifPresent(expected::add);
    }
    return expected;
  }
}
