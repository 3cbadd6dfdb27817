package io.mosaicdb.crawler.page;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * When a page was published and changed: its meta elements, its JSON-LD, its microdata and time
 * elements, and last the server's Last-Modified. A time without zone is taken as UTC. Dates before
 * the web and after the answer are not believed.
 */
record PageDates(@Nullable Instant published, @Nullable Instant modified) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MAX_JSON = 1_000_000;
  private static final int MAX_JSON_NODES = 10_000;
  private static final Instant FIRST_SITE = Instant.parse("1990-12-20T00:00:00Z");

  private static final List<String> PUBLISHED =
      List.of(
          "article:published_time",
          "og:article:published_time",
          "datepublished",
          "dcterms.created",
          "dcterms.issued",
          "dc.date.issued",
          "dc.date",
          "citation_publication_date",
          "pubdate",
          "date");
  private static final List<String> MODIFIED =
      List.of(
          "article:modified_time",
          "og:updated_time",
          "datemodified",
          "dcterms.modified",
          "dc.date.modified",
          "last-modified",
          "revised");

  static PageDates of(Document document, ResponseHeaders headers) {
    Instant latest =
        headers
            .first("Date")
            .flatMap(PageDates::parse)
            .orElse(Instant.MAX.minus(2, ChronoUnit.DAYS));
    Finder finder = new Finder(latest.plus(1, ChronoUnit.DAYS));
    for (Element meta : document.select("meta[content]")) {
      finder.meta(meta);
    }
    for (Element script : document.select("script[type=application/ld+json]")) {
      finder.json(script.data());
    }
    for (Element marked : document.select("[itemprop=datePublished], [itemprop=dateModified]")) {
      String value = marked.hasAttr("datetime") ? marked.attr("datetime") : marked.attr("content");
      finder.found(marked.attr("itemprop").equals("datePublished"), value);
    }
    for (Element time : document.select("time[datetime]")) {
      if (time.hasAttr("pubdate") || time.closest("nav, aside, footer") == null) {
        finder.found(true, time.attr("datetime"));
      }
    }
    headers.first("Last-Modified").ifPresent(value -> finder.found(false, value));
    return new PageDates(finder.published, finder.modified);
  }

  static PageDates of(ResponseHeaders headers) {
    return new PageDates(
        null, headers.first("Last-Modified").flatMap(PageDates::parse).orElse(null));
  }

  /** An instant in ISO 8601, with or without time and zone, or as HTTP writes it. */
  static Optional<Instant> parse(String text) {
    String value = text.strip();
    if (value.length() < 8 || value.length() > 64) {
      return Optional.empty();
    }
    try {
      if (Character.isLetter(value.charAt(0))) {
        return Optional.of(
            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      }
      // Some write a space between date and time, and a zone without colon.
      String iso =
          value
              .replaceFirst("^(\\d{4})[/.](\\d{2})[/.](\\d{2})", "$1-$2-$3")
              .replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) +(\\d)", "$1T$2")
              .replaceFirst(" *([+-]\\d{2})(\\d{2})$", "$1:$2")
              .replaceFirst("^(\\d{4})(\\d{2})(\\d{2})$", "$1-$2-$3");
      if (iso.length() == 10) {
        return Optional.of(LocalDate.parse(iso).atStartOfDay(ZoneOffset.UTC).toInstant());
      }
      int time = iso.indexOf('T');
      boolean zoned =
          time > 0
              && (iso.endsWith("Z") || iso.indexOf('+', time) > 0 || iso.indexOf('-', time) > 0);
      return Optional.of(
          zoned
              ? OffsetDateTime.parse(iso).toInstant()
              : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static final class Finder {
    private final Instant latest;
    private @Nullable Instant published;
    private @Nullable Instant modified;

    Finder(Instant latest) {
      this.latest = latest;
    }

    void meta(Element meta) {
      for (String attribute : List.of("property", "name", "itemprop", "http-equiv")) {
        String name = meta.attr(attribute).strip().toLowerCase(Locale.ROOT);
        if (PUBLISHED.contains(name)) {
          found(true, meta.attr("content"));
        } else if (MODIFIED.contains(name)) {
          found(false, meta.attr("content"));
        }
      }
    }

    void json(String data) {
      if (data.isBlank() || data.length() > MAX_JSON) {
        return;
      }
      JsonNode root;
      try {
        root = JSON.readTree(data);
      } catch (JacksonException e) {
        // What is not JSON says no date.
        return;
      }
      Deque<JsonNode> open = new ArrayDeque<>(List.of(root));
      for (int seen = 0; !open.isEmpty() && seen < MAX_JSON_NODES; seen++) {
        JsonNode node = open.removeFirst();
        found(true, node.path("datePublished").asString(""));
        found(false, node.path("dateModified").asString(""));
        for (JsonNode child : node) {
          if (child.isContainer()) {
            open.addLast(child);
          }
        }
      }
    }

    void found(boolean publication, String value) {
      if (publication ? published != null : modified != null) {
        return;
      }
      Instant instant =
          parse(value).filter(at -> at.isAfter(FIRST_SITE) && at.isBefore(latest)).orElse(null);
      if (publication) {
        published = instant;
      } else {
        modified = instant;
      }
    }
  }
}
