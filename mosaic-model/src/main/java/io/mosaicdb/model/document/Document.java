package io.mosaicdb.model.document;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A document as it is indexed.
 *
 * @param fields the text fields that it has, by name
 * @param attributes see {@link io.mosaicdb.model.document} for the values' shapes
 * @param passages empty where the namespace has no vectors
 */
public record Document(
    String id,
    SortedMap<String, String> fields,
    @Nullable String url,
    SortedMap<String, Object> attributes,
    List<Link> links,
    List<Passage> passages) {
  public Document {
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    links = List.copyOf(links);
    passages = List.copyOf(passages);
  }

  /** The field's text, empty where the document lacks it. */
  public String text(String field) {
    var text = fields.get(field);
    return text == null ? "" : text;
  }
}
