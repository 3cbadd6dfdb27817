package io.mosaicdb.crawler.sitemap;

import crawlercommons.sitemaps.AbstractSiteMap;
import crawlercommons.sitemaps.AbstractSiteMap.SitemapType;
import crawlercommons.sitemaps.SiteMap;
import crawlercommons.sitemaps.SiteMapIndex;
import crawlercommons.sitemaps.SiteMapParser;
import crawlercommons.sitemaps.UnknownFormatException;
import io.mosaicdb.crawler.sitemap.Sitemap.Entry;
import io.mosaicdb.crawler.sitemap.Sitemap.Kind;
import io.mosaicdb.crawler.url.UrlNormalizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads sitemaps (XML, text, gzipped), indexes of sitemaps, and RSS and Atom feeds. Bounded by the
 * protocol's own limits: 50,000 URLs and 50 MiB, unpacked. Document types and external entities are
 * not read. URLs that a crawl cannot fetch are left out; so is what comes after a break in the XML.
 */
public final class SitemapReader {
  /** The largest file, unpacked; what a fetch of a sitemap is to be cut at. */
  public static final int MOST_BYTES = 50 << 20;

  static final int MOST_URLS = 50_000;

  private SitemapReader() {}

  /** What the file lists; empty where it is no sitemap. */
  public static Optional<Sitemap> read(URI url, byte[] body) {
    var parser = new SiteMapParser(false, true);
    parser.setStrictNamespace(false);
    try {
      var file = unpacked(body);
      var sitemap = parser.parseSiteMap(file, url.toURL());
      return sitemap instanceof SiteMapIndex index
          ? Optional.of(children(url, index))
          : entries(url, (SiteMap) sitemap);
    } catch (UnknownFormatException | IOException _) {
      return Optional.empty();
    }
  }

  private static Sitemap children(URI url, SiteMapIndex index) {
    var children = new LinkedHashSet<URI>();
    for (AbstractSiteMap child : index.getSitemaps()) {
      var target = target(url, child.getUrl());
      if (target != null && !target.equals(url)) {
        children.add(target);
        if (children.size() == MOST_URLS) {
          break;
        }
      }
    }
    return new Sitemap(
        Kind.INDEX, new ArrayList<>(), new ArrayList<>(children), children.size() == MOST_URLS);
  }

  private static Optional<Sitemap> entries(URI url, SiteMap sitemap) {
    var entries = new LinkedHashMap<URI, Entry>();
    for (var entry : sitemap.getSiteMapUrls()) {
      var target = target(url, entry.getUrl());
      if (target != null) {
        var modified = entry.getLastModified();
        entries.putIfAbsent(
            target,
            new Entry(target, modified == null ? null : modified.toInstant(), entry.getPriority()));
        if (entries.size() == MOST_URLS) {
          break;
        }
      }
    }
    var kind = kind(sitemap.getType());
    // Every text is a list of URLs to the parser; one without any is just a text.
    return kind == Kind.TEXT && entries.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Sitemap(
                kind,
                new ArrayList<>(entries.values()),
                new ArrayList<>(),
                entries.size() == MOST_URLS));
  }

  private static Kind kind(@Nullable SitemapType type) {
    if (type == SitemapType.RSS || type == SitemapType.ATOM) {
      return Kind.FEED;
    }
    return type == SitemapType.TEXT ? Kind.TEXT : Kind.SITEMAP;
  }

  private static @Nullable URI target(URI base, @Nullable URL url) {
    return url == null ? null : UrlNormalizer.normalize(base, url.toString()).orElse(null);
  }

  private static byte[] unpacked(byte[] body) throws IOException {
    if (body.length < 2 || (body[0] & 0xff) != 0x1f || (body[1] & 0xff) != 0x8b) {
      return body;
    }
    var unpacked = new ByteArrayOutputStream();
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
      var buffer = new byte[1 << 14];
      for (int n = gzip.read(buffer);
          n >= 0 && unpacked.size() < MOST_BYTES;
          n = gzip.read(buffer)) {
        unpacked.write(buffer, 0, Math.min(n, MOST_BYTES - unpacked.size()));
      }
    } catch (EOFException _) {
      // The file was cut; its beginning is a list as well.
    }
    return unpacked.toByteArray();
  }
}
