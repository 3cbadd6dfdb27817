package io.mosaicdb.worker.namespace;

import static io.mosaicdb.model.InvalidInputException.token;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.contract.namespace.NamespaceRequest.FieldBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.SchemaBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.SettingsBody;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.NamespaceSettings;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.TextField;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A namespace's definition after a change: settings and synonyms that work from now on, and
 * attributes that join the schema. What is already built into shards stays as it is.
 */
record NamespaceChange(Schema schema, NamespaceSettings settings) {
  private static final String REBUILD =
      "; it is built into every shard: make a namespace with the new schema, load it, and let an"
          + " alias name it";

  /**
   * @throws MosaicException {@code schema_conflict} for what needs a rebuild or is fixed, {@code
   *     invalid_value}
   */
  static NamespaceChange of(Schema schema, NamespaceSettings settings, NamespaceRequest change) {
    var changed = change.schema() == null ? schema : changed(schema, change.schema());
    return new NamespaceChange(
        changed,
        change.settings() == null ? settings : changed(settings, changed, change.settings()));
  }

  private static Schema changed(Schema schema, SchemaBody body) {
    var fields = body.fields() == null ? schema.fields() : withSynonyms(schema, body.fields());
    if (body.vector() != null) {
      var known = Objects.requireNonNull(Definitions.describe(schema).vector());
      requireSame("/schema/vector/dimensions", known.dimensions(), body.vector().dimensions());
      requireSame("/schema/vector/metric", known.metric(), body.vector().metric());
      requireSame("/schema/vector/source", known.source(), body.vector().source());
    }
    var attributes = new TreeMap<>(schema.attributes());
    if (body.attributes() != null) {
      body.attributes()
          .forEach((name, wanted) -> {
            var at = "/schema/attributes" + token(name);
            if (wanted == null) {
              throw MosaicException.invalidValue(
                  at, "must be an object; attributes are not taken away");
            }
            attributes.put(name, joined(at, name, schema.attributes().get(name), wanted));
          });
    }
    try {
      boolean infer =
          body.inferAttributes() == null ? schema.inferAttributes() : body.inferAttributes();
      return new Schema(fields, attributes, schema.vector(), infer);
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("/schema/attributes", String.valueOf(e.getMessage()));
    }
  }

  private static Attribute joined(
      String at, String name, @Nullable Attribute known, NamespaceRequest.AttributeBody wanted) {
    if (known == null) {
      return Definitions.attribute(name, wanted);
    }
    requireSame(at + "/type", known.type().wireName(), wanted.type());
    requireSame(at + "/filterable", known.filterable(), wanted.filterable());
    return known;
  }

  /** Synonyms are the queries' alone; everything else of a text field stays what it is. */
  private static SequencedMap<String, TextField> withSynonyms(
      Schema schema, Map<String, FieldBody> bodies) {
    requireSameFields(schema, bodies);
    var fields = new TreeMap<>(schema.fields());
    bodies.forEach((name, wanted) -> {
      var field = schema.fields().get(name);
      var rules = wanted.synonyms();
      if (field == null || rules == null) {
        return;
      }
      var at = "/schema/fields" + token(name) + "/synonyms";
      // An unmodifiable list may refuse to look for null.
      int missing = new ArrayList<>(rules).indexOf(null);
      if (missing >= 0) {
        throw MosaicException.invalidValue(
            at + "/" + missing, "must be a rule such as 'car, automobile', got null");
      }
      try {
        fields.put(
            name,
            new TextField(
                field.weight(),
                field.language(),
                field.stemming(),
                field.stopWords(),
                rules,
                field.caseSensitive(),
                field.folding(),
                field.maxTokenLength()));
      } catch (IllegalArgumentException e) {
        throw MosaicException.invalidValue(at, String.valueOf(e.getMessage()));
      }
    });
    return fields;
  }

  private static void requireSameFields(Schema schema, Map<String, FieldBody> bodies) {
    var known = Objects.requireNonNull(Definitions.describe(schema).fields());
    bodies.forEach((name, wanted) -> {
      var at = "/schema/fields" + token(name);
      var field = known.get(name);
      if (field == null || wanted == null) {
        throw conflict(at, (field == null ? "is a new text field" : "is given up") + REBUILD);
      }
      if (wanted.weight() != null && !wanted.weight().equals(field.weight())) {
        throw conflict(
            at + "/weight",
            "is %s in the schema; /settings/field_weights puts another in its place at once"
                .formatted(field.weight()));
      }
      requireSame(at + "/type", field.type(), wanted.type());
      requireSame(at + "/language", field.language(), wanted.language());
      requireSame(at + "/stemming", field.stemming(), wanted.stemming());
      requireSame(at + "/stop_words", field.stopWords(), wanted.stopWords());
      requireSame(at + "/case_sensitive", field.caseSensitive(), wanted.caseSensitive());
      requireSame(at + "/folding", field.folding(), wanted.folding());
      requireSame(at + "/max_token_length", field.maxTokenLength(), wanted.maxTokenLength());
    });
  }

  private static NamespaceSettings changed(
      NamespaceSettings settings, Schema schema, SettingsBody body) {
    requireFixed("/settings/partitions", settings.partitions(), body.partitions());
    requireFixed("/settings/replicas", settings.replicas(), body.replicas());
    requireFixed("/settings/durability", settings.durability(), body.durability());
    var weights = new TreeMap<>(settings.fieldWeights());
    if (body.fieldWeights() != null) {
      body.fieldWeights()
          .forEach((field, weight) -> {
            if (!schema.fields().containsKey(field)) {
              throw MosaicException.invalidValue(
                  "/settings/field_weights" + token(field),
                  "must be one of the text fields " + String.join(", ", schema.fields().keySet()));
            }
            if (weight == null) {
              weights.remove(field);
            } else {
              weights.put(field, weight);
            }
          });
    }
    var retain =
        body.retainGenerations() == null
            ? settings.retainGenerations()
            : Definitions.duration(body.retainGenerations(), "/settings/retain_generations");
    var sealAge =
        body.sealAge() == null
            ? settings.sealAge()
            : Definitions.duration(body.sealAge(), "/settings/seal_age");
    int shardDocuments =
        body.shardDocuments() == null ? settings.shardDocuments() : body.shardDocuments();
    try {
      return new NamespaceSettings(
          settings.partitions(),
          settings.replicas(),
          settings.durability(),
          retain,
          shardDocuments,
          sealAge,
          weights);
    } catch (IllegalArgumentException e) {
      var message = String.valueOf(e.getMessage());
      throw MosaicException.invalidValue("/settings/" + message.split(" ", 2)[0], message);
    }
  }

  private static void requireSame(String at, @Nullable Object known, @Nullable Object wanted) {
    if (wanted != null && !wanted.equals(known)) {
      throw conflict(at, "is %s, not %s%s".formatted(known, wanted, REBUILD));
    }
  }

  private static void requireFixed(String at, Object known, @Nullable Object wanted) {
    if (wanted != null && !wanted.equals(known)) {
      throw conflict(at, "is %s since creation and cannot become %s".formatted(known, wanted));
    }
  }

  private static MosaicException conflict(String at, String message) {
    return MosaicException.at(ErrorCode.SCHEMA_CONFLICT, at, message);
  }
}
