package io.mosaicdb.storage.shard;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.schema.Metric;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.TextField;
import io.mosaicdb.storage.document.DocumentJson;
import io.mosaicdb.storage.hash.ContentHash;
import io.mosaicdb.storage.text.FieldAnalysis;
import io.mosaicdb.storage.text.IndexedField;
import io.mosaicdb.storage.text.IndexedFields;
import io.mosaicdb.storage.vector.VectorMetric;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A namespace's schema in the words of the index packages, and as it is described in files. */
public final class ShardSchema {
  private ShardSchema() {}

  /**
   * The text fields with their analyzers.
   *
   * @throws IllegalArgumentException if a language is unknown, naming the known ones, or a rule of
   *     synonyms has no words
   */
  public static IndexedFields indexedFields(Schema schema) {
    var fields = new ArrayList<IndexedField>();
    schema
        .fields()
        .forEach((name, field) ->
            fields.add(
                new IndexedField(name, field.weight(), FieldAnalysis.of(field), field.synonyms())));
    return new IndexedFields(fields);
  }

  public static VectorMetric vectorMetric(Metric metric) {
    return switch (metric) {
      case COSINE -> VectorMetric.COSINE;
      case DOT -> VectorMetric.DOT;
      case L2 -> VectorMetric.L2;
    };
  }

  /** The document's text fields in the order of {@code names}, null where it lacks one. */
  public static List<@Nullable String> values(Document document, List<String> names) {
    var values = new ArrayList<@Nullable String>(names.size());
    for (String name : names) {
      values.add(document.fields().get(name));
    }
    return values;
  }

  /** The ids of all analyzers in use, sorted, joined by commas. */
  public static String analyzerIds(IndexedFields fields) {
    var ids = new TreeSet<String>();
    for (IndexedField field : fields.fields()) {
      ids.add(fields.analysis(field.name()).analyzerId());
    }
    return String.join(",", ids);
  }

  /**
   * SHA-256 of what makes files of two schemas incompatible: fields and their analysis, and the
   * vectors. Attributes may join later, and synonyms are the queries' alone.
   */
  public static String hash(Schema schema) {
    var description = describe(schema);
    description.remove("attributes");
    description.put("analyzers", analyzerIds(indexedFields(schema)));
    return ContentHash.base32OfBytes(
        DocumentJson.write(description).getBytes(StandardCharsets.UTF_8));
  }

  static Map<String, Object> describe(Schema schema) {
    var fields = new TreeMap<String, Object>();
    schema.fields().forEach((name, field) -> fields.put(name, describe(field)));
    var attributes = new TreeMap<String, Object>();
    schema
        .attributes()
        .forEach((name, attribute) ->
            attributes.put(
                name,
                Map.of(
                    "type", attribute.type().wireName(),
                    "filterable", attribute.filterable())));
    var description = new TreeMap<String, Object>();
    description.put("fields", fields);
    description.put("attributes", attributes);
    description.put(
        "vector",
        Map.of(
            "dimensions", schema.vector().dimensions(),
            "metric", schema.vector().metric().wireName(),
            "source", schema.vector().origin().wireName()));
    return description;
  }

  /** Options that are not used are left out, so that schemas without them keep their hash. */
  private static Map<String, Object> describe(TextField field) {
    var description = new TreeMap<String, Object>();
    description.put("weight", field.weight());
    description.put("language", field.language());
    description.put("stemming", field.stemming());
    description.put("stop_words", field.stopWords().toJson());
    if (field.caseSensitive()) {
      description.put("case_sensitive", true);
    }
    if (field.folding()) {
      description.put("folding", true);
    }
    if (field.maxTokenLength() != TextField.STANDARD_TOKEN_LENGTH) {
      description.put("max_token_length", field.maxTokenLength());
    }
    return description;
  }
}
