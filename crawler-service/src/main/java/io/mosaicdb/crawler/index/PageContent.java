package io.mosaicdb.crawler.index;

import io.mosaicdb.crawler.page.Heading;
import io.mosaicdb.crawler.page.Page;
import io.mosaicdb.starter.json.StrictJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What of a page becomes a document, as the frontier keeps it: JSON, deflated. */
public record PageContent(
    String title,
    String description,
    List<String> headings,
    String text,
    @Nullable String language,
    @Nullable Instant published,
    @Nullable Instant modified,
    List<Link> links) {
  private static final JsonMapper JSON = StrictJson.mapper();

  /** A link as the document shows it; {@code rel} is null where the page says nothing. */
  public record Link(String url, String anchor, @Nullable String rel) {}

  public PageContent {
    headings = List.copyOf(headings);
    links = List.copyOf(links);
  }

  /** Of a page whose links stand in {@code links}, in the form in which the crawl knows URLs. */
  public static PageContent of(Page page, List<Link> links) {
    return new PageContent(
        page.title(),
        page.description(),
        page.headings().stream().map(Heading::text).toList(),
        page.text(),
        page.language(),
        page.published(),
        page.modified(),
        links);
  }

  public byte[] toBytes() {
    var bytes = new ByteArrayOutputStream();
    var deflater = new Deflater(Deflater.BEST_SPEED);
    try (var out = new DeflaterOutputStream(bytes, deflater)) {
      out.write(JSON.writeValueAsBytes(this));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  static PageContent of(byte[] bytes) {
    try (var in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
      return JSON.readValue(in, PageContent.class);
    } catch (IOException e) {
      throw new UncheckedIOException("a page in the frontier cannot be read", e);
    }
  }
}
