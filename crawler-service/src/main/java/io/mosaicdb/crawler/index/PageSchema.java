package io.mosaicdb.crawler.index;

import io.mosaicdb.contract.namespace.NamespaceBody;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.contract.namespace.NamespaceRequest.AttributeBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.FieldBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.SchemaBody;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which parts of a page a namespace has room for. One that is missing is made with room for all;
 * into another one go the parts whose fields and attributes it has.
 */
record PageSchema(Set<String> fields, Set<String> attributes, boolean inferAttributes) {
  static final String HEADINGS = "headings";
  static final String DESCRIPTION = "description";
  static final String ANCHORS = "anchors";

  PageSchema {
    fields = Set.copyOf(fields);
    attributes = Set.copyOf(attributes);
  }

  static PageSchema of(NamespaceBody namespace) {
    var schema = namespace.schema();
    return new PageSchema(
        schema.fields() == null ? Set.of() : schema.fields().keySet(),
        schema.attributes() == null ? Set.of() : schema.attributes().keySet(),
        Boolean.TRUE.equals(schema.inferAttributes()));
  }

  boolean takesAttribute(String name) {
    return inferAttributes || attributes.contains(name);
  }

  /** What a namespace that does not exist is made with. */
  static NamespaceRequest standard() {
    var fields = new TreeMap<String, FieldBody>();
    fields.put("title", field(3));
    fields.put("text", field(1));
    fields.put(HEADINGS, field(1.5));
    fields.put(DESCRIPTION, field(1));
    fields.put(ANCHORS, field(2));
    var attributes = new TreeMap<String, AttributeBody>();
    for (var name : Set.of("url", "host", "lang")) {
      attributes.put(name, new AttributeBody("string", true));
    }
    attributes.put("depth", new AttributeBody("integer", true));
    attributes.put("published", new AttributeBody("datetime", true));
    attributes.put("modified", new AttributeBody("datetime", true));
    // Shown with a hit, not searched by: the fields of these names are.
    attributes.put("title", new AttributeBody("string", false));
    attributes.put(DESCRIPTION, new AttributeBody("string", false));
    attributes.put(HEADINGS, new AttributeBody("string[]", false));
    return new NamespaceRequest(
        new SchemaBody(Map.copyOf(fields), Map.copyOf(attributes), null, true), null);
  }

  private static FieldBody field(double weight) {
    return new FieldBody("text", weight, "en", null, null, null, null, null, null);
  }
}
