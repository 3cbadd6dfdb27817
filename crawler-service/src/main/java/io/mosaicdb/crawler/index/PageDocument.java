package io.mosaicdb.crawler.index;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.document.DocumentBody.LinkBody;
import io.mosaicdb.crawler.frontier.Pending;
import io.mosaicdb.starter.json.StrictJson;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The document of a page, and the hash by which a change is noticed. */
record PageDocument(DocumentBody body, byte[] hash) {
  private static final JsonMapper JSON =
      StrictJson.mapper().rebuild().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  // What the coordinator takes; what is longer would be refused as a whole.
  private static final int LONGEST_ID = 512;
  private static final int LONGEST_URL = 8192;
  private static final int MOST_LINKS = 10_000;
  private static final int LONGEST_TEXT = 10_000_000;
  private static final int LONGEST_ATTRIBUTE = 2_000;
  private static final int MOST_HEADINGS = 200;
  private static final int LONGEST_ANCHORS = 4_000;

  /** The page's URL, or, where that is too long for an id, its hash. */
  static String id(String url) {
    var bytes = url.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= LONGEST_ID ? url : "sha256:" + HexFormat.of().formatHex(sha256(bytes));
  }

  static PageDocument of(Pending page, byte[] bytes, PageSchema schema) {
    var content = PageContent.of(bytes);
    var fields = new LinkedHashMap<String, String>();
    put(fields, schema, PageSchema.HEADINGS, String.join("\n", content.headings()));
    put(fields, schema, PageSchema.DESCRIPTION, content.description());
    put(fields, schema, PageSchema.ANCHORS, joined(page.anchors()));
    var body =
        new DocumentBody(
            id(page.address()),
            schema.fields().contains("title") && !content.title().isBlank()
                ? content.title()
                : null,
            schema.fields().contains("text") ? cut(content.text(), LONGEST_TEXT) : null,
            fields.isEmpty() ? null : fields,
            page.address().length() <= LONGEST_URL ? page.address() : null,
            attributes(page, content, schema),
            null,
            content.links().stream()
                .filter(link -> link.url().length() <= LONGEST_URL)
                .limit(MOST_LINKS)
                .map(link -> new LinkBody(link.url(), link.anchor(), link.rel()))
                .toList(),
            null);
    return new PageDocument(body, sha256(JSON.writeValueAsBytes(body)));
  }

  private static void put(Map<String, String> fields, PageSchema schema, String name, String text) {
    if (schema.fields().contains(name) && !text.isBlank()) {
      fields.put(name, text);
    }
  }

  /** A line for each, as many as fit. */
  private static String joined(List<String> anchors) {
    var all = new StringBuilder();
    for (var anchor : anchors) {
      if (all.length() + anchor.length() > LONGEST_ANCHORS) {
        break;
      }
      all.append(all.isEmpty() ? "" : "\n").append(anchor);
    }
    return all.toString();
  }

  private static Map<String, @Nullable Object> attributes(
      Pending page, PageContent content, PageSchema schema) {
    var attributes = new LinkedHashMap<String, @Nullable Object>();
    put(attributes, schema, "url", cut(page.address(), LONGEST_ATTRIBUTE));
    put(attributes, schema, "host", URI.create(page.address()).getHost());
    put(attributes, schema, "lang", content.language());
    put(attributes, schema, "depth", page.depth());
    put(attributes, schema, "published", text(content.published()));
    put(attributes, schema, "modified", text(content.modified()));
    put(attributes, schema, "title", cut(content.title(), LONGEST_ATTRIBUTE));
    put(attributes, schema, PageSchema.DESCRIPTION, cut(content.description(), LONGEST_ATTRIBUTE));
    var headings =
        content.headings().stream()
            .limit(MOST_HEADINGS)
            .map(heading -> cut(heading, LONGEST_ATTRIBUTE))
            .toList();
    put(attributes, schema, PageSchema.HEADINGS, headings.isEmpty() ? null : headings);
    return attributes;
  }

  private static void put(
      Map<String, @Nullable Object> attributes,
      PageSchema schema,
      String name,
      @Nullable Object value) {
    if (value != null && !value.equals("") && schema.takesAttribute(name)) {
      attributes.put(name, value);
    }
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  /** At most so many UTF-16 units, without half a character at the end. */
  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
