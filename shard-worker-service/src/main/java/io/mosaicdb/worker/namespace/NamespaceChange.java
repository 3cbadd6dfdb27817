package io.mosaicdb.worker.namespace;

import static io.mosaicdb.model.InvalidInputException.token;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.contract.namespace.NamespaceRequest.FieldBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.SchemaBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.SettingsBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.VectorBody;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.Metric;
import io.mosaicdb.model.schema.NamespaceSettings;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.StopWords;
import io.mosaicdb.model.schema.TextField;
import io.mosaicdb.model.schema.VectorField;
import io.mosaicdb.model.schema.VectorOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A namespace's definition after a change, and what of the change is built into every shard, so
 * that it needs a rebuild.
 *
 * @param rebuilt pointers of the members that need one; empty: the change works at once
 * @param embeds whether the documents need vectors that they do not have
 */
record NamespaceChange(
    Schema schema, NamespaceSettings settings, List<String> rebuilt, boolean embeds) {

  /**
   * @throws MosaicException {@code schema_conflict} for what is fixed, {@code invalid_value}
   */
  static NamespaceChange of(Schema schema, NamespaceSettings settings, NamespaceRequest change) {
    var reading = new Reading();
    var changed = change.schema() == null ? schema : reading.changed(schema, change.schema());
    var kept = change.settings() == null ? settings : changed(settings, changed, change.settings());
    if (kept.ttl() != null) {
      kept.ttl()
          .findProblem(changed)
          .ifPresent(problem -> {
            throw MosaicException.invalidValue("/settings/ttl/field", problem);
          });
    }
    return new NamespaceChange(changed, kept, List.copyOf(reading.rebuilt), reading.embeds);
  }

  /** The same, where a rebuild is not what is asked for. */
  NamespaceChange requireNoRebuild() {
    if (!rebuilt.isEmpty()) {
      throw conflict(rebuilt.getFirst(), "is built into every shard and needs a rebuild");
    }
    return this;
  }

  /** Finds on its way what needs a rebuild. */
  private static final class Reading {
    private final List<String> rebuilt = new ArrayList<>();
    private boolean embeds;

    Schema changed(Schema schema, SchemaBody body) {
      var fields = new TreeMap<>(schema.fields());
      if (body.fields() != null) {
        body.fields()
            .forEach((name, wanted) -> {
              var at = "/schema/fields" + token(name);
              if (wanted == null) {
                throw conflict(at, "cannot be given up");
              }
              fields.put(name, field(at, name, schema.fields().get(name), wanted));
            });
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
              attributes.put(name, attribute(at, name, schema.attributes().get(name), wanted));
            });
      }
      var vector = body.vector() == null ? schema.vector() : vector(schema.vector(), body.vector());
      try {
        boolean infer =
            body.inferAttributes() == null ? schema.inferAttributes() : body.inferAttributes();
        return new Schema(fields, attributes, vector, infer);
      } catch (IllegalArgumentException e) {
        throw MosaicException.invalidValue("/schema", String.valueOf(e.getMessage()));
      }
    }

    private TextField field(String at, String name, @Nullable TextField known, FieldBody wanted) {
      if (wanted.type() != null && !wanted.type().equals("text")) {
        throw MosaicException.invalidValue(
            at + "/type", "must be text, got '" + wanted.type() + "'");
      }
      if (known == null) {
        rebuilt.add(at);
        known = new TextField(name.equals("title") ? 3 : 1, "en", true, true);
      }
      var before = known;
      if (wanted.synonyms() != null) {
        requireRules(at + "/synonyms", before, wanted.synonyms());
      }
      try {
        var after =
            new TextField(
                wanted.weight() == null ? before.weight() : wanted.weight(),
                wanted.language() == null ? before.language() : wanted.language(),
                wanted.stemming() == null ? before.stemming() : wanted.stemming(),
                wanted.stopWords() == null
                    ? before.stopWords()
                    : StopWords.parse(wanted.stopWords()),
                wanted.synonyms() == null ? before.synonyms() : wanted.synonyms(),
                wanted.caseSensitive() == null ? before.caseSensitive() : wanted.caseSensitive(),
                wanted.folding() == null ? before.folding() : wanted.folding(),
                wanted.maxTokenLength() == null
                    ? before.maxTokenLength()
                    : wanted.maxTokenLength());
        compare(at + "/weight", before.weight(), after.weight());
        compare(at + "/language", before.language(), after.language());
        compare(at + "/stemming", before.stemming(), after.stemming());
        compare(at + "/stop_words", before.stopWords(), after.stopWords());
        compare(at + "/case_sensitive", before.caseSensitive(), after.caseSensitive());
        compare(at + "/folding", before.folding(), after.folding());
        compare(at + "/max_token_length", before.maxTokenLength(), after.maxTokenLength());
        return after;
      } catch (IllegalArgumentException e) {
        throw MosaicException.invalidValue(at, String.valueOf(e.getMessage()));
      }
    }

    private static void requireRules(String at, TextField field, List<String> rules) {
      // An unmodifiable list may refuse to look for null.
      int missing = new ArrayList<>(rules).indexOf(null);
      if (missing >= 0) {
        throw MosaicException.invalidValue(
            at + "/" + missing, "must be a rule such as 'car, automobile', got null");
      }
      try {
        var _ =
            new TextField(
                field.weight(),
                field.language(),
                field.stemming(),
                field.stopWords(),
                rules,
                field.caseSensitive(),
                field.folding(),
                field.maxTokenLength());
      } catch (IllegalArgumentException e) {
        throw MosaicException.invalidValue(at, String.valueOf(e.getMessage()));
      }
    }

    private Attribute attribute(
        String at, String name, @Nullable Attribute known, NamespaceRequest.AttributeBody wanted) {
      if (known == null) {
        return Definitions.attribute(name, wanted);
      }
      if (wanted.type() != null && !wanted.type().equals(known.type().wireName())) {
        throw conflict(
            at + "/type",
            "is %s, and values of that type are stored; add an attribute of another name"
                .formatted(known.type().wireName()));
      }
      boolean filterable = wanted.filterable() == null ? known.filterable() : wanted.filterable();
      compare(at + "/filterable", known.filterable(), filterable);
      return new Attribute(known.type(), filterable);
    }

    private VectorField vector(VectorField known, VectorBody wanted) {
      var at = "/schema/vector";
      var origin =
          wanted.source() == null
              ? known.origin()
              : VectorOrigin.find(wanted.source())
                  .orElseThrow(() ->
                      MosaicException.invalidValue(
                          at + "/source",
                          "must be server, client or none, got '" + wanted.source() + "'"));
      var metric =
          wanted.metric() == null
              ? known.metric()
              : Metric.find(wanted.metric())
                  .orElseThrow(() ->
                      MosaicException.invalidValue(
                          at + "/metric",
                          "must be cosine, dot or l2, got '" + wanted.metric() + "'"));
      int dimensions =
          origin == VectorOrigin.NONE
              ? 0
              : wanted.dimensions() == null ? known.dimensions() : wanted.dimensions();
      var model =
          origin == VectorOrigin.SERVER
              ? wanted.model() == null ? known.model() : wanted.model()
              : wanted.model();
      if (origin == VectorOrigin.CLIENT) {
        // Only clients could give the new vectors.
        requireByClient(at + "/source", known.origin(), origin);
        requireByClient(at + "/dimensions", known.dimensions(), dimensions);
        requireByClient(at + "/metric", known.metric(), metric);
      }
      compare(at + "/source", known.origin(), origin);
      if (origin != VectorOrigin.NONE) {
        compare(at + "/dimensions", known.dimensions(), dimensions);
        compare(at + "/metric", known.metric(), metric);
        compare(at + "/model", known.model(), model);
      }
      try {
        var changed = new VectorField(dimensions, metric, origin, model);
        embeds |= origin == VectorOrigin.SERVER && !changed.equals(known);
        return changed;
      } catch (IllegalArgumentException e) {
        throw MosaicException.invalidValue(at, String.valueOf(e.getMessage()));
      }
    }

    private static void requireByClient(String at, Object known, Object wanted) {
      if (!known.equals(wanted)) {
        throw conflict(
            at,
            "is %s; vectors that clients give cannot be made here: load a new namespace, and let"
                    .formatted(known)
                + " an alias name it");
      }
    }

    private void compare(String at, @Nullable Object known, @Nullable Object wanted) {
      if (!Objects.equals(known, wanted)) {
        rebuilt.add(at);
      }
    }
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
          weights,
          body.ttl() == null ? settings.ttl() : Definitions.ttl(body.ttl()));
    } catch (IllegalArgumentException e) {
      var message = String.valueOf(e.getMessage());
      throw MosaicException.invalidValue("/settings/" + message.split(" ", 2)[0], message);
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
