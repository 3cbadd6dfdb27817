package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.embedding.PassageSource;
import io.mosaicdb.model.DocumentId;
import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Link;
import io.mosaicdb.model.document.Passage;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A document that its namespace accepts.
 *
 * @param passages null where the embedder is to make them
 */
record CheckedDocument(
    DocumentId id,
    SortedMap<String, String> fields,
    @Nullable String url,
    SortedMap<String, Object> attributes,
    List<Link> links,
    @Nullable List<Passage> passages) {
  PassageSource source() {
    return new PassageSource(fields.get("title"), fields.getOrDefault("text", ""));
  }

  Document with(List<Passage> made) {
    return new Document(id.value(), fields, url, attributes, links, made);
  }
}
