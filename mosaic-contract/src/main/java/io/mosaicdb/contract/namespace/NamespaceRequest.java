package io.mosaicdb.contract.namespace;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of {@code PUT /v1/namespaces/{ns}}. What is absent has its default. */
public record NamespaceRequest(@Nullable SchemaBody schema, @Nullable SettingsBody settings) {
  /**
   * {@code inferAttributes}: whether unknown attributes join the schema; default true where no
   * attributes are given.
   */
  public record SchemaBody(
      @Nullable Map<String, FieldBody> fields,
      @Nullable Map<String, AttributeBody> attributes,
      @Nullable VectorBody vector,
      @Nullable Boolean inferAttributes) {}

  /**
   * {@code type} is {@code text}; {@code stopWords} is true, false, or a list of words instead of
   * the language's.
   */
  public record FieldBody(
      @Nullable String type,
      @Nullable Double weight,
      @Nullable String language,
      @Nullable Boolean stemming,
      @Nullable Object stopWords,
      @Nullable List<String> synonyms,
      @Nullable Boolean caseSensitive,
      @Nullable Boolean folding,
      @Nullable Integer maxTokenLength) {}

  public record AttributeBody(@Nullable String type, @Nullable Boolean filterable) {}

  /**
   * {@code source} is {@code server}, {@code client} or {@code none}; {@code model} the id of the
   * server's embedder, absent for its first.
   */
  public record VectorBody(
      @Nullable Integer dimensions,
      @Nullable String metric,
      @Nullable String source,
      @Nullable String model) {}

  /**
   * Durations are a number with ms, s, m, h or d ({@code 24h}), or ISO-8601 ({@code PT24H}). {@code
   * fieldWeights}: text field to the weight that searches use in place of the schema's; null for a
   * field takes it away again. {@code ttl}: when documents are deleted by themselves.
   */
  public record SettingsBody(
      @Nullable Integer partitions,
      @Nullable Integer replicas,
      @Nullable String durability,
      @Nullable String retainGenerations,
      @Nullable Integer shardDocuments,
      @Nullable String sealAge,
      @Nullable Map<String, @Nullable Double> fieldWeights,
      @Nullable TimeToLiveBody ttl) {
    /** Of documents that do not expire. */
    public SettingsBody(
        @Nullable Integer partitions,
        @Nullable Integer replicas,
        @Nullable String durability,
        @Nullable String retainGenerations,
        @Nullable Integer shardDocuments,
        @Nullable String sealAge,
        @Nullable Map<String, @Nullable Double> fieldWeights) {
      this(
          partitions,
          replicas,
          durability,
          retainGenerations,
          shardDocuments,
          sealAge,
          fieldWeights,
          null);
    }
  }

  /**
   * A document is over {@code after} the moment that its attribute {@code field} names; {@code
   * after} is a duration, none where it is absent. {@code enabled}, true where it is absent: false
   * ends it.
   */
  public record TimeToLiveBody(
      @Nullable String field, @Nullable String after, @Nullable Boolean enabled) {}
}
