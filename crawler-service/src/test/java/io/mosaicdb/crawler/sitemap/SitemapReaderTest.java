package io.mosaicdb.crawler.sitemap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.crawler.sitemap.Sitemap.Entry;
import io.mosaicdb.crawler.sitemap.Sitemap.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class SitemapReaderTest {
  private static final URI URL = URI.create("http://example.org/sitemap.xml");
  private static final String SITEMAP =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <url><loc>http://example.org/a</loc><lastmod>2026-01-02</lastmod><priority>0.9</priority></url>
        <url><loc>HTTP://EXAMPLE.org/./b#part</loc></url>
        <url><loc>mailto:someone@example.org</loc></url>
      </urlset>
      """;

  @Test
  void sitemapListsPagesInNormalForm() {
    var sitemap = read(SITEMAP).orElseThrow();

    assertThat(sitemap.kind()).isEqualTo(Kind.SITEMAP);
    assertThat(sitemap.entries())
        .containsExactly(
            new Entry(
                URI.create("http://example.org/a"), Instant.parse("2026-01-02T00:00:00Z"), 0.9),
            new Entry(URI.create("http://example.org/b"), null, 0.5));
  }

  @Test
  void packedSitemapIsUnpackedAlsoWhereItWasCut() throws IOException {
    var packed = gzip(SITEMAP + " ".repeat(2000));

    assertThat(SitemapReader.read(URL, packed).orElseThrow().entries()).hasSize(2);
    assertThat(
            SitemapReader.read(URL, Arrays.copyOf(packed, packed.length - 8))
                .orElseThrow()
                .entries())
        .hasSize(2);
  }

  @Test
  void indexListsSitemaps() {
    var index =
        read("""
        <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
          <sitemap><loc>http://example.org/1.xml</loc></sitemap>
          <sitemap><loc>http://example.org/2.xml.gz</loc></sitemap>
          <sitemap><loc>http://example.org/sitemap.xml</loc></sitemap>
        </sitemapindex>
        """)
            .orElseThrow();

    assertThat(index.kind()).isEqualTo(Kind.INDEX);
    assertThat(index.children())
        .containsExactly(
            URI.create("http://example.org/1.xml"), URI.create("http://example.org/2.xml.gz"));
  }

  @Test
  void feedsAndTextsAreListsAsWell() {
    var rss =
        "<rss version='2.0'><channel><link>http://example.org/</link><item><link>http://example.org/news</link><pubDate>Fri, 02 Jan 2026 00:00:00 GMT</pubDate></item></channel></rss>";
    var atom =
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='http://example.org/entry'/><updated>2026-01-02T00:00:00Z</updated></entry></feed>";

    assertThat(read(rss).orElseThrow().entries())
        .extracting(Entry::url)
        .contains(URI.create("http://example.org/news"));
    assertThat(read(rss).orElseThrow().kind()).isEqualTo(Kind.FEED);
    assertThat(read(atom).orElseThrow().entries())
        .extracting(Entry::url)
        .contains(URI.create("http://example.org/entry"));
    assertThat(
            SitemapReader.read(
                    URI.create("http://example.org/sitemap.txt"),
                    "http://example.org/1\nhttp://example.org/2\n".getBytes(StandardCharsets.UTF_8))
                .orElseThrow()
                .entries())
        .hasSize(2);
  }

  @Test
  void whatIsNoSitemapIsNone() {
    assertThat(read("<!doctype html><title>Not found</title><p>Sorry")).isEmpty();
    assertThat(read("")).isEmpty();
    assertThat(SitemapReader.read(URL, new byte[] {(byte) 0xff, (byte) 0xd8, 0, 0})).isEmpty();
  }

  @Test
  void externalEntitiesAreNotRead() {
    var attack =
        "<?xml version='1.0'?><!DOCTYPE urlset [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
            + "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
            + "<url><loc>http://example.org/&x;</loc></url></urlset>";

    assertThat(read(attack).map(Sitemap::entries).orElse(List.of()))
        .extracting(Entry::url)
        .isSubsetOf(URI.create("http://example.org/"));
  }

  @Test
  void listEndsAtTheProtocolsBound() {
    var text = new StringBuilder();
    for (int i = 0; i <= SitemapReader.MOST_URLS; i++) {
      text.append("http://example.org/").append(i).append('\n');
    }
    var sitemap =
        SitemapReader.read(
                URI.create("http://example.org/sitemap.txt"),
                text.toString().getBytes(StandardCharsets.UTF_8))
            .orElseThrow();

    assertThat(sitemap.entries()).hasSize(SitemapReader.MOST_URLS);
    assertThat(sitemap.cut()).isTrue();
  }

  private static Optional<Sitemap> read(String text) {
    return SitemapReader.read(URL, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
