package io.mosaicdb.coordinator.namespace;

import static io.mosaicdb.model.InvalidInputException.token;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.contract.namespace.NamespaceRequest.AttributeBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.FieldBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.SchemaBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.SettingsBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.TimeToLiveBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.VectorBody;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Schemas and settings between the wire and the model. Reading fills in every default and names the
 * place of every fault.
 */
final class SchemaBodies {
  private static final Set<String> OPTIONS_OF_FIELDS =
      Set.of("weight", "language", "stop_words", "synonyms", "max_token_length");

  private SchemaBodies() {}

  /** The dimensions of a model's vectors, by its id; null: of whichever answers. */
  interface ModelDimensions {
    int of(@Nullable String model);
  }

  /**
   * The schema that a body describes.
   *
   * @param embedderDimensions asked only if the vectors are the server's
   */
  static Schema schema(@Nullable SchemaBody body, ModelDimensions embedderDimensions) {
    if (body == null) {
      return Schema.standard(embedderDimensions.of(null));
    }
    var at = "/schema";
    var fields = fields(body.fields());
    var attributes = attributes(body.attributes());
    requireServerForModel(body.vector());
    var vector = vector(body.vector(), embedderDimensions);
    boolean infer = body.inferAttributes() == null ? attributes.isEmpty() : body.inferAttributes();
    if (vector.origin() == VectorOrigin.SERVER
        && !fields.containsKey("title")
        && !fields.containsKey("text")) {
      throw MosaicException.invalidValue(
          at + "/vector/source",
          "server embeds the fields title and text, and the schema has neither;"
              + " use client or none");
    }
    return at(at, () -> new Schema(fields, attributes, vector, infer));
  }

  private static void requireServerForModel(@Nullable VectorBody vector) {
    if (vector != null
        && vector.model() != null
        && vector.source() != null
        && !vector.source().equals(VectorOrigin.SERVER.wireName())) {
      throw MosaicException.invalidValue(
          "/schema/vector/model", "must be absent where source is not server");
    }
  }

  private static SequencedMap<String, TextField> fields(@Nullable Map<String, FieldBody> bodies) {
    if (bodies == null) {
      return new TreeMap<>(Schema.standard(0).fields());
    }
    var fields = new TreeMap<String, TextField>();
    bodies.forEach((name, body) -> {
      var at = "/schema/fields" + token(name);
      if (body == null) {
        throw MosaicException.invalidValue(at, "must be an object, got null");
      }
      if (body.type() != null && !body.type().equals("text")) {
        throw MosaicException.invalidValue(at + "/type", "must be text, got '" + body.type() + "'");
      }
      double weight = body.weight() != null ? body.weight() : name.equals("title") ? 3.0 : 1.0;
      var language = body.language() == null ? "en" : body.language();
      boolean stemming = body.stemming() == null || body.stemming();
      fields.put(
          name,
          at(
              at,
              () ->
                  new TextField(
                      weight,
                      language,
                      stemming,
                      StopWords.parse(body.stopWords()),
                      synonyms(at, body.synonyms()),
                      Boolean.TRUE.equals(body.caseSensitive()),
                      Boolean.TRUE.equals(body.folding()),
                      body.maxTokenLength() == null
                          ? TextField.STANDARD_TOKEN_LENGTH
                          : body.maxTokenLength())));
    });
    return fields;
  }

  private static List<String> synonyms(String at, @Nullable List<String> rules) {
    if (rules == null) {
      return List.of();
    }
    // An unmodifiable list may refuse to look for null.
    int missing = new ArrayList<>(rules).indexOf(null);
    if (missing >= 0) {
      throw MosaicException.invalidValue(
          at + "/synonyms/" + missing, "must be a rule such as 'car, automobile', got null");
    }
    return rules;
  }

  private static SequencedMap<String, Attribute> attributes(
      @Nullable Map<String, AttributeBody> bodies) {
    var attributes = new TreeMap<String, Attribute>();
    if (bodies == null) {
      return attributes;
    }
    bodies.forEach((name, body) -> {
      var at = "/schema/attributes" + token(name);
      if (body == null || body.type() == null) {
        throw MosaicException.invalidValue(
            at + "/type", "must be one of " + AttributeType.knownNames());
      }
      var type =
          AttributeType.find(body.type())
              .orElseThrow(() ->
                  MosaicException.invalidValue(
                      at + "/type",
                      "must be one of "
                          + AttributeType.knownNames()
                          + ", got '"
                          + body.type()
                          + "'"));
      attributes.put(name, new Attribute(type, body.filterable() == null || body.filterable()));
    });
    return attributes;
  }

  private static VectorField vector(@Nullable VectorBody body, ModelDimensions embedderDimensions) {
    var at = "/schema/vector";
    var source = body == null || body.source() == null ? "server" : body.source();
    var origin =
        VectorOrigin.find(source)
            .orElseThrow(() ->
                MosaicException.invalidValue(
                    at + "/source", "must be server, client or none, got '" + source + "'"));
    var metricName = body == null || body.metric() == null ? "cosine" : body.metric();
    var metric =
        Metric.find(metricName)
            .orElseThrow(() ->
                MosaicException.invalidValue(
                    at + "/metric", "must be cosine, dot or l2, got '" + metricName + "'"));
    Integer asked = body == null ? null : body.dimensions();
    return switch (origin) {
      case NONE -> {
        if (asked != null && asked != 0) {
          throw MosaicException.invalidValue(
              at + "/dimensions", "must be absent where source is none, got " + asked);
        }
        yield VectorField.ABSENT;
      }
      case CLIENT -> {
        if (asked == null) {
          throw MosaicException.invalidValue(
              at + "/dimensions", "must be given where source is client");
        }
        yield at(at + "/dimensions", () -> new VectorField(asked, metric, origin));
      }
      case SERVER -> {
        var model = body == null ? null : body.model();
        int made = embedderDimensions.of(model);
        if (asked != null && asked != made) {
          throw MosaicException.at(
              ErrorCode.DIMENSION_MISMATCH,
              at + "/dimensions",
              "must be "
                  + made
                  + ", the embedder's (source is server), got "
                  + asked
                  + "; leave it out, or set source to client");
        }
        yield new VectorField(made, metric, origin, model);
      }
    };
  }

  static NamespaceSettings settings(@Nullable SettingsBody body) {
    var standard = NamespaceSettings.STANDARD;
    if (body == null) {
      return standard;
    }
    var at = "/settings";
    var durability = body.durability() == null ? standard.durability() : body.durability();
    requireDurability(durability);
    var retain =
        duration(
            body.retainGenerations(), standard.retainGenerations(), at + "/retain_generations");
    var sealAge = duration(body.sealAge(), standard.sealAge(), at + "/seal_age");
    return at(
        at,
        () ->
            new NamespaceSettings(
                body.partitions() == null ? standard.partitions() : body.partitions(),
                body.replicas() == null ? standard.replicas() : body.replicas(),
                durability,
                retain,
                body.shardDocuments() == null ? standard.shardDocuments() : body.shardDocuments(),
                sealAge,
                weights(body.fieldWeights()),
                ttl(body.ttl())));
  }

  private static @Nullable TimeToLive ttl(@Nullable TimeToLiveBody body) {
    if (body == null || Boolean.FALSE.equals(body.enabled())) {
      return null;
    }
    return new TimeToLive(
        ttlField(body), duration(body.after(), Duration.ZERO, "/settings/ttl/after"));
  }

  private static String ttlField(TimeToLiveBody body) {
    if (body.field() == null) {
      throw MosaicException.invalidValue(
          "/settings/ttl/field", "must be given: the datetime attribute that says when");
    }
    return body.field();
  }

  private static @Nullable TimeToLiveBody change(@Nullable TimeToLiveBody body) {
    if (body == null || Boolean.FALSE.equals(body.enabled())) {
      return body;
    }
    return new TimeToLiveBody(
        ttlField(body), plain(body.after(), "/settings/ttl/after"), body.enabled());
  }

  private static void requireDurability(String durability) {
    if (durability.equals("quorum")) {
      throw MosaicException.at(
          ErrorCode.UNSUPPORTED_DURABILITY,
          "/settings/durability",
          "quorum is not available in this build; local is");
    }
  }

  private static SortedMap<String, Double> weights(
      @Nullable Map<String, @Nullable Double> weights) {
    var given = new TreeMap<String, Double>();
    if (weights != null) {
      weights.forEach((field, weight) -> {
        if (weight != null) {
          given.put(field, weight);
        }
      });
    }
    return given;
  }

  /**
   * A change of a namespace in the workers' form: durations are read and vectors get their model's
   * dimensions, the rest is compared where the namespace is.
   */
  static NamespaceRequest change(
      NamespaceRequest request, VectorField held, ModelDimensions embedderDimensions) {
    var schema = request.schema();
    if (schema != null && schema.vector() != null) {
      requireServerForModel(schema.vector());
      schema =
          new SchemaBody(
              schema.fields(),
              schema.attributes(),
              change(schema.vector(), held, embedderDimensions),
              schema.inferAttributes());
    }
    var body = request.settings();
    if (body == null) {
      return new NamespaceRequest(schema, null);
    }
    if (body.durability() != null) {
      requireDurability(body.durability());
    }
    return new NamespaceRequest(
        schema,
        new SettingsBody(
            body.partitions(),
            body.replicas(),
            body.durability(),
            plain(body.retainGenerations(), "/settings/retain_generations"),
            body.shardDocuments(),
            plain(body.sealAge(), "/settings/seal_age"),
            body.fieldWeights(),
            change(body.ttl())));
  }

  private static VectorBody change(
      VectorBody body, VectorField held, ModelDimensions embedderDimensions) {
    var server = VectorOrigin.SERVER.wireName();
    boolean byServer =
        body.source() == null ? held.origin() == VectorOrigin.SERVER : body.source().equals(server);
    boolean sameModel = body.model() == null || body.model().equals(held.model());
    if (!byServer
        || (sameModel && held.origin() == VectorOrigin.SERVER && body.dimensions() == null)) {
      return body;
    }
    int made = embedderDimensions.of(body.model() == null ? held.model() : body.model());
    if (body.dimensions() != null && body.dimensions() != made) {
      throw MosaicException.at(
          ErrorCode.DIMENSION_MISMATCH,
          "/schema/vector/dimensions",
          "must be %d, the embedder's, got %d; leave it out".formatted(made, body.dimensions()));
    }
    return new VectorBody(made, body.metric(), body.source(), body.model());
  }

  private static @Nullable String plain(@Nullable String duration, String pointer) {
    return duration == null ? null : at(pointer, () -> Durations.parse(duration)).toString();
  }

  /**
   * @throws MosaicException {@code invalid_value} for a weight of what is no text field, or a time
   *     to live by what is no datetime
   */
  static void requireFields(NamespaceSettings settings, Schema schema) {
    for (var field : settings.fieldWeights().keySet()) {
      if (!schema.fields().containsKey(field)) {
        throw MosaicException.invalidValue(
            "/settings/field_weights" + token(field),
            "must be one of the text fields " + String.join(", ", schema.fields().keySet()));
      }
    }
    if (settings.ttl() != null) {
      settings
          .ttl()
          .findProblem(schema)
          .ifPresent(problem -> {
            throw MosaicException.invalidValue("/settings/ttl/field", problem);
          });
    }
  }

  private static Duration duration(@Nullable String text, Duration standard, String pointer) {
    return text == null ? standard : at(pointer, () -> Durations.parse(text));
  }

  static NamespaceRequest body(Schema schema, NamespaceSettings settings) {
    var fields = new LinkedHashMap<String, FieldBody>();
    schema
        .fields()
        .forEach((name, field) ->
            fields.put(
                name,
                new FieldBody(
                    "text",
                    field.weight(),
                    field.language(),
                    field.stemming(),
                    field.stopWords().toJson(),
                    field.synonyms(),
                    field.caseSensitive(),
                    field.folding(),
                    field.maxTokenLength())));
    var attributes = new LinkedHashMap<String, AttributeBody>();
    schema
        .attributes()
        .forEach((name, attribute) ->
            attributes.put(
                name, new AttributeBody(attribute.type().wireName(), attribute.filterable())));
    var vector = schema.vector();
    return new NamespaceRequest(
        new SchemaBody(
            fields,
            attributes,
            new VectorBody(
                vector.dimensions(),
                vector.metric().wireName(),
                vector.origin().wireName(),
                vector.model()),
            schema.inferAttributes()),
        new SettingsBody(
            settings.partitions(),
            settings.replicas(),
            settings.durability(),
            Durations.format(settings.retainGenerations()),
            settings.shardDocuments(),
            Durations.format(settings.sealAge()),
            new LinkedHashMap<>(settings.fieldWeights()),
            settings.ttl() == null
                ? null
                : new TimeToLiveBody(
                    settings.ttl().field(), Durations.format(settings.ttl().after()), true)));
  }

  /** A schema that a worker holds: complete, with dimensions of its own. */
  static Schema held(SchemaBody body) {
    var vector = body.vector();
    int dimensions = vector == null || vector.dimensions() == null ? 0 : vector.dimensions();
    return schema(body, _ -> dimensions);
  }

  /** Gives what the model refuses its place in the request. */
  private static <T> T at(String pointer, Supplier<T> construction) {
    try {
      return construction.get();
    } catch (IllegalArgumentException e) {
      var message = String.valueOf(e.getMessage());
      var setting = message.split(" ", 2)[0];
      // The model's messages begin with the name of the value; a pointer ends with it.
      boolean named =
          (pointer.equals("/settings") || OPTIONS_OF_FIELDS.contains(setting))
              && setting.matches("[a-z_]+");
      throw MosaicException.invalidValue(named ? pointer + "/" + setting : pointer, message);
    }
  }
}
