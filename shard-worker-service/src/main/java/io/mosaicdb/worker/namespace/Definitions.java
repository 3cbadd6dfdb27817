package io.mosaicdb.worker.namespace;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Metric;
import io.mosaicdb.model.schema.NamespaceSettings;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.StopWords;
import io.mosaicdb.model.schema.TextField;
import io.mosaicdb.model.schema.TimeToLive;
import io.mosaicdb.model.schema.VectorField;
import io.mosaicdb.model.schema.VectorOrigin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Namespace definitions between the wire and the model. The wire's form has every default filled in
 * by the coordinator.
 */
final class Definitions {
  private Definitions() {}

  static Schema schema(NamespaceRequest request) {
    var body = request.schema();
    if (body == null || body.fields() == null) {
      throw MosaicException.invalidValue("/schema/fields", "must not be missing");
    }
    var fields = new TreeMap<String, TextField>();
    body.fields()
        .forEach((name, field) ->
            at(
                "/schema/fields" + InvalidInputException.token(name),
                () ->
                    fields.put(
                        name,
                        new TextField(
                            or(field.weight(), 1.0),
                            or(field.language(), "en"),
                            or(field.stemming(), true),
                            StopWords.parse(field.stopWords()),
                            or(field.synonyms(), List.of()),
                            or(field.caseSensitive(), false),
                            or(field.folding(), false),
                            or(field.maxTokenLength(), TextField.STANDARD_TOKEN_LENGTH)))));
    var attributes = new TreeMap<String, Attribute>();
    if (body.attributes() != null) {
      body.attributes().forEach((name, each) -> attributes.put(name, attribute(name, each)));
    }
    return at(
        "/schema",
        () ->
            new Schema(
                fields, attributes, vector(body.vector()), or(body.inferAttributes(), false)));
  }

  static Attribute attribute(String name, NamespaceRequest.AttributeBody body) {
    var wireName = or(body.type(), "");
    var type =
        AttributeType.find(wireName)
            .orElseThrow(() ->
                MosaicException.invalidValue(
                    "/schema/attributes" + InvalidInputException.token(name) + "/type",
                    "must be one of " + AttributeType.knownNames() + ", got '" + wireName + "'"));
    return new Attribute(type, or(body.filterable(), true));
  }

  private static VectorField vector(NamespaceRequest.@Nullable VectorBody body) {
    if (body == null) {
      return VectorField.ABSENT;
    }
    var origin =
        VectorOrigin.find(or(body.source(), "none"))
            .orElseThrow(() ->
                MosaicException.invalidValue(
                    "/schema/vector/source", "must be server, client or none"));
    var metric =
        Metric.find(or(body.metric(), "cosine"))
            .orElseThrow(() ->
                MosaicException.invalidValue("/schema/vector/metric", "must be cosine, dot or l2"));
    return at(
        "/schema/vector/dimensions",
        () -> new VectorField(or(body.dimensions(), 0), metric, origin, body.model()));
  }

  static NamespaceSettings settings(NamespaceRequest request) {
    var body = request.settings();
    var standard = NamespaceSettings.STANDARD;
    if (body == null) {
      return standard;
    }
    return at(
        "/settings",
        () ->
            new NamespaceSettings(
                or(body.partitions(), standard.partitions()),
                or(body.replicas(), standard.replicas()),
                or(body.durability(), standard.durability()),
                body.retainGenerations() == null
                    ? standard.retainGenerations()
                    : duration(body.retainGenerations(), "/settings/retain_generations"),
                or(body.shardDocuments(), standard.shardDocuments()),
                body.sealAge() == null
                    ? standard.sealAge()
                    : duration(body.sealAge(), "/settings/seal_age"),
                weights(body.fieldWeights()),
                body.ttl() == null ? null : ttl(body.ttl())));
  }

  /** Null: it has ended. */
  static @Nullable TimeToLive ttl(NamespaceRequest.TimeToLiveBody body) {
    if (Boolean.FALSE.equals(body.enabled())) {
      return null;
    }
    var after =
        body.after() == null ? Duration.ZERO : duration(body.after(), "/settings/ttl/after");
    return at("/settings/ttl", () -> new TimeToLive(or(body.field(), ""), after));
  }

  private static SortedMap<String, Double> weights(@Nullable Map<String, @Nullable Double> body) {
    var weights = new TreeMap<String, Double>();
    if (body != null) {
      body.forEach((field, weight) -> {
        if (weight != null) {
          weights.put(field, weight);
        }
      });
    }
    return weights;
  }

  static Duration duration(String text, String pointer) {
    try {
      return org.springframework.boot.convert.DurationStyle.detectAndParse(text);
    } catch (IllegalArgumentException _) {
      throw MosaicException.invalidValue(
          pointer, "must be a duration such as 90s, 24h or PT24H, got '" + text + "'");
    }
  }

  static NamespaceRequest.SchemaBody describe(Schema schema) {
    var fields = new TreeMap<String, NamespaceRequest.FieldBody>();
    schema
        .fields()
        .forEach((name, field) ->
            fields.put(
                name,
                new NamespaceRequest.FieldBody(
                    "text",
                    field.weight(),
                    field.language(),
                    field.stemming(),
                    field.stopWords().toJson(),
                    field.synonyms(),
                    field.caseSensitive(),
                    field.folding(),
                    field.maxTokenLength())));
    var attributes = new TreeMap<String, NamespaceRequest.AttributeBody>();
    schema
        .attributes()
        .forEach((name, attribute) ->
            attributes.put(
                name,
                new NamespaceRequest.AttributeBody(
                    attribute.type().wireName(), attribute.filterable())));
    return new NamespaceRequest.SchemaBody(
        fields,
        attributes,
        new NamespaceRequest.VectorBody(
            schema.vector().dimensions(),
            schema.vector().metric().wireName(),
            schema.vector().origin().wireName(),
            schema.vector().model()),
        schema.inferAttributes());
  }

  static NamespaceRequest.SettingsBody describe(NamespaceSettings settings) {
    return new NamespaceRequest.SettingsBody(
        settings.partitions(),
        settings.replicas(),
        settings.durability(),
        settings.retainGenerations().toString(),
        settings.shardDocuments(),
        settings.sealAge().toString(),
        new TreeMap<String, @Nullable Double>(settings.fieldWeights()),
        settings.ttl() == null
            ? null
            : new NamespaceRequest.TimeToLiveBody(
                settings.ttl().field(), settings.ttl().after().toString(), true));
  }

  static NamespaceRequest describe(Schema schema, NamespaceSettings settings) {
    return new NamespaceRequest(describe(schema), describe(settings));
  }

  static Map<String, Attribute> attributes(Map<String, String> types) {
    var attributes = new TreeMap<String, Attribute>();
    types.forEach((name, type) ->
        attributes.put(name, attribute(name, new NamespaceRequest.AttributeBody(type, true))));
    return attributes;
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return Objects.requireNonNullElse(value, otherwise);
  }

  private static <T> T at(String pointer, java.util.function.Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue(pointer, String.valueOf(e.getMessage()));
    }
  }
}
