package io.mosaicdb.coordinator.ingest;

import static io.mosaicdb.model.InvalidInputException.token;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.coordinator.vector.ClientVector;
import io.mosaicdb.model.DocumentId;
import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.document.Link;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.AttributeValues;
import io.mosaicdb.model.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checks documents of requests against a schema, and brings them into the form that is stored. */
final class DocumentCheck {
  static final int MAX_URL = 8192;
  private final Schema schema;
  private final IngestProperties limits;

  DocumentCheck(Schema schema, IngestProperties limits) {
    this.schema = schema;
    this.limits = limits;
  }

  static DocumentId id(@Nullable String id, String pointer) {
    if (id == null) {
      throw MosaicException.invalidValue(pointer, "must be given");
    }
    try {
      return new DocumentId(id);
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue(pointer, String.valueOf(e.getMessage()));
    }
  }

  /**
   * @throws MosaicException with a pointer to the first value at fault
   */
  CheckedDocument check(DocumentBody body, @Nullable List<Passage> kept, String pointer) {
    var id = id(body.id(), pointer + "/id");
    var fields = fields(body, pointer);
    var url = url(body.url(), pointer + "/url");
    var attributes = attributes(body.attributes(), pointer + "/attributes");
    var links = links(body.links(), pointer + "/links");
    int textLength = fields.getOrDefault("text", "").length();
    var passages = passages(body.vector(), kept, textLength, pointer + "/vector");
    return new CheckedDocument(id, fields, url, attributes, links, passages);
  }

  private SortedMap<String, String> fields(DocumentBody body, String pointer) {
    var fields = new TreeMap<String, String>();
    long characters = field(fields, "title", body.title(), pointer + "/title");
    characters += field(fields, "text", body.text(), pointer + "/text");
    if (body.fields() != null) {
      for (var entry : body.fields().entrySet()) {
        var at = pointer + "/fields" + token(entry.getKey());
        if (fields.containsKey(entry.getKey())) {
          throw MosaicException.invalidValue(at, "is given twice");
        }
        characters += field(fields, entry.getKey(), entry.getValue(), at);
      }
    }
    if (characters > limits.documentCharacters()) {
      throw MosaicException.at(
          ErrorCode.PAYLOAD_TOO_LARGE,
          pointer.isEmpty() ? "/text" : pointer,
          "a document may have "
              + limits.documentCharacters()
              + " characters of text, this one has "
              + characters);
    }
    return fields;
  }

  private int field(
      SortedMap<String, String> fields, String name, @Nullable String text, String pointer) {
    if (text == null) {
      return 0;
    }
    if (!schema.fields().containsKey(name)) {
      throw MosaicException.invalidValue(
          pointer,
          "'%s' is not a text field of this namespace; it has %s"
              .formatted(name, String.join(", ", schema.fields().keySet())));
    }
    fields.put(name, text);
    return text.length();
  }

  private static @Nullable String url(@Nullable String url, String pointer) {
    if (url == null) {
      return null;
    }
    if (url.length() > MAX_URL) {
      throw MosaicException.invalidValue(
          pointer, "may have " + MAX_URL + " characters, got " + url.length());
    }
    if (url.isBlank() || url.chars().anyMatch(Character::isISOControl)) {
      throw MosaicException.invalidValue(pointer, "must be a URL without control characters");
    }
    return url;
  }

  private SortedMap<String, Object> attributes(
      @Nullable Map<String, @Nullable Object> json, String pointer) {
    var attributes = new TreeMap<String, Object>();
    if (json == null) {
      return attributes;
    }
    for (var entry : json.entrySet()) {
      var value = entry.getValue();
      if (value == null) {
        continue;
      }
      var at = pointer + token(entry.getKey());
      var attribute = schema.attributes().get(entry.getKey());
      if (attribute == null) {
        if (value instanceof List<?> list && list.isEmpty() && schema.inferAttributes()) {
          // An empty array has no type to infer, and nothing to find.
          continue;
        }
        throw unknownAttribute(entry.getKey(), value, at);
      }
      attributes.put(entry.getKey(), stored(value, attribute.type(), at));
    }
    return attributes;
  }

  private static Object stored(Object value, AttributeType type, String pointer) {
    try {
      return AttributeValues.stored(value, type, pointer);
    } catch (InvalidInputException e) {
      var inferred = AttributeValues.infer(value);
      var both =
          inferred == null || inferred == type
              ? ""
              : " (the attribute is %s, the value looks like %s)"
                  .formatted(type.wireName(), inferred.wireName());
      throw MosaicException.invalidValue(e.pointer(), e.getMessage() + both);
    }
  }

  private MosaicException unknownAttribute(String name, Object value, String pointer) {
    if (!schema.inferAttributes()) {
      return MosaicException.invalidValue(
          pointer,
          "'%s' is not an attribute of this namespace, which infers none; it has %s"
              .formatted(
                  name,
                  schema.attributes().isEmpty()
                      ? "none"
                      : String.join(", ", schema.attributes().keySet())));
    }
    var type = AttributeValues.infer(value);
    if (type == null) {
      return MosaicException.invalidValue(
          pointer,
          "must be a string, a number, true or false, an array of strings or of numbers,"
              + " or an object with lat and lon, got "
              + AttributeValues.shape(value));
    }
    try {
      var _ = schema.with(name, new Attribute(type, true));
      return new MosaicException(
          ErrorCode.WORKER_UNAVAILABLE, "attribute '" + name + "' could not be added");
    } catch (IllegalArgumentException e) {
      return MosaicException.invalidValue(pointer, String.valueOf(e.getMessage()));
    }
  }

  private List<Link> links(@Nullable List<DocumentBody.LinkBody> bodies, String pointer) {
    if (bodies == null) {
      return List.of();
    }
    if (bodies.size() > limits.documentLinks()) {
      throw MosaicException.invalidValue(
          pointer, "may have " + limits.documentLinks() + " links, got " + bodies.size());
    }
    var links = new ArrayList<Link>(bodies.size());
    for (int i = 0; i < bodies.size(); i++) {
      var at = pointer + "/" + i;
      var body = bodies.get(i);
      var url = body == null ? null : url(body.url(), at + "/url");
      if (body == null || url == null) {
        throw MosaicException.invalidValue(at + "/url", "must be given");
      }
      links.add(new Link(url, body.text() == null ? "" : body.text(), body.rel()));
    }
    return links;
  }

  private @Nullable List<Passage> passages(
      float @Nullable [] vector, @Nullable List<Passage> kept, int textLength, String pointer) {
    return switch (schema.vector().origin()) {
      case NONE -> {
        if (vector != null) {
          throw MosaicException.at(
              ErrorCode.INVALID_VECTOR, pointer, "must be absent: the namespace has no vectors");
        }
        yield List.of();
      }
      case SERVER -> {
        if (vector != null) {
          throw MosaicException.at(
              ErrorCode.INVALID_VECTOR,
              pointer,
              "must be absent: the server makes this namespace's vectors");
        }
        yield kept;
      }
      case CLIENT -> {
        if (vector == null) {
          if (kept != null) {
            yield kept;
          }
          throw MosaicException.at(
              ErrorCode.INVALID_VECTOR,
              pointer,
              "must be given: this namespace's vectors come from the client");
        }
        ClientVector.require(vector, schema.vector(), pointer);
        yield List.of(new Passage(0, textLength, Vectors.toBytes(vector)));
      }
    };
  }
}
