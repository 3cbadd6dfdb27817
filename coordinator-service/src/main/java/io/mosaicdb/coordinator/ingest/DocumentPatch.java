package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.document.DocumentBody.LinkBody;
import io.mosaicdb.contract.document.StoredDocument;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.FieldError;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.schema.VectorOrigin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A change to a stored document: a member that is absent stays, null removes it, {@code fields} and
 * {@code attributes} are merged by name, the others are replaced whole (as RFC 7396 has it).
 * Vectors are made anew only where the title or the text changed.
 */
final class DocumentPatch {
  private static final List<String> MEMBERS =
      List.of("title", "text", "url", "fields", "attributes", "links", "vector");
  private final JsonNode patch;
  private final DocumentBody given;

  private DocumentPatch(JsonNode patch, DocumentBody given) {
    this.patch = patch;
    this.given = given;
  }

  static DocumentPatch parse(JsonNode patch, JsonMapper mapper) {
    if (!patch.isObject()) {
      throw new MosaicException(
          ErrorCode.MALFORMED_REQUEST, "the body must be an object with what is to change");
    }
    for (var name : patch.propertyNames()) {
      if (!MEMBERS.contains(name)) {
        var pointer = InvalidInputException.token(name);
        throw new MosaicException(
            ErrorCode.UNKNOWN_FIELD,
            pointer + " cannot be patched; known are " + String.join(", ", MEMBERS),
            List.of(new FieldError(pointer, "cannot be patched")));
      }
    }
    if (patch.isEmpty()) {
      throw new MosaicException(ErrorCode.INVALID_VALUE, "the patch changes nothing");
    }
    return new DocumentPatch(patch, mapper.treeToValue(patch, DocumentBody.class));
  }

  /** The whole document as it is to be, on the condition that it is still as it was read. */
  Write applyTo(StoredDocument stored, VectorOrigin origin, @Nullable String model) {
    var title = patch.has("title") ? given.title() : stored.title();
    var text = patch.has("text") ? given.text() : stored.text();
    var links = new ArrayList<LinkBody>();
    if (!patch.has("links")) {
      links.addAll(stored.links());
    } else if (given.links() != null) {
      links.addAll(given.links());
    }
    var merged =
        new DocumentBody(
            stored.id(),
            title,
            text,
            fields(stored),
            patch.has("url") ? given.url() : stored.url(),
            attributes(stored),
            given.vector(),
            links,
            null);
    var write = Write.upsert(merged, "").ifVersion(stored.version());
    boolean sameText = Objects.equals(text, stored.text());
    boolean vectorsStay =
        origin != VectorOrigin.SERVER || (sameText && Objects.equals(title, stored.title()));
    var kept = vectorsStay ? passages(stored, sameText, text == null ? 0 : text.length()) : null;
    return kept == null ? write : write.keeping(kept, model);
  }

  private Map<String, String> fields(StoredDocument stored) {
    var fields = new HashMap<String, String>();
    if (stored.fields() != null) {
      fields.putAll(stored.fields());
    }
    if (patch.has("fields") && given.fields() == null) {
      fields.clear();
    } else if (given.fields() != null) {
      merge(fields, given.fields());
    }
    return fields;
  }

  private Map<String, @Nullable Object> attributes(StoredDocument stored) {
    var attributes = new HashMap<String, @Nullable Object>(stored.attributes());
    if (patch.has("attributes") && given.attributes() == null) {
      attributes.clear();
    } else if (given.attributes() != null) {
      merge(attributes, given.attributes());
    }
    return attributes;
  }

  private static <V extends @Nullable Object> void merge(
      Map<String, V> target, Map<String, V> changes) {
    changes.forEach((name, value) -> {
      if (value == null) {
        target.remove(name);
      } else {
        target.put(name, value);
      }
    });
  }

  /** Null where a vector is missing, so that it has to be made. */
  private static @Nullable List<Passage> passages(
      StoredDocument stored, boolean sameText, int length) {
    var passages = new ArrayList<Passage>();
    if (stored.passages() == null) {
      return passages;
    }
    for (var passage : stored.passages()) {
      if (passage.vector() == null) {
        return null;
      }
      // A client's vector stands for the whole text, however long it is now.
      int end = sameText ? passage.end() : length;
      passages.add(new Passage(passage.start(), end, Vectors.toBytes(passage.vector())));
    }
    return passages;
  }
}
