package io.mosaicdb.contract.search;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST …/search}. What is absent has its default.
 *
 * @param facets names of attributes, or objects that say more ({@link FacetBody})
 * @param plan forces how it is answered; null: chosen from statistics
 */
public record SearchRequest(
    @Nullable String q,
    float @Nullable [] vector,
    @Nullable String mode,
    @Nullable FusionBody fusion,
    @Nullable AuthorityBody authority,
    @Nullable Map<String, @Nullable Object> filter,
    @Nullable List<Object> facets,
    @Nullable GroupBody group,
    @Nullable List<SortBody> sort,
    @Nullable Integer limit,
    @Nullable String cursor,
    @Nullable List<String> fields,
    @Nullable HighlightBody highlight,
    @Nullable Boolean explain,
    @Nullable Boolean exact,
    @Nullable Double minScore,
    @Nullable Integer timeoutMs,
    @Nullable Boolean allowPartial,
    @Nullable Object minCommit,
    @Nullable Object asOf,
    @Nullable WordsBody words,
    @Nullable BoostBody boost,
    @Nullable DiversityBody diversity,
    @Nullable RerankBody rerank,
    @Nullable RoutingOptionsBody routing,
    @Nullable String plan,
    @Nullable Boolean staleIfError) {
  /** {@code type} is {@code rrf} or {@code normalized}; {@code k} belongs to rrf. */
  public record FusionBody(
      @Nullable String type, @Nullable Integer k, @Nullable WeightsBody weights) {}

  public record WeightsBody(@Nullable Double text, @Nullable Double vector) {}

  public record AuthorityBody(@Nullable Double weight) {}

  public record GroupBody(@Nullable String field, @Nullable Integer size) {}

  public record SortBody(@Nullable String field, @Nullable String order) {}

  public record HighlightBody(@Nullable List<String> fields, @Nullable Integer fragments) {}

  /**
   * How {@code q} is read.
   *
   * @param operator what joins bare words: {@code or} (default) or {@code and}
   * @param prefix whether the last word may be unfinished
   * @param typo whether words may be misspelt
   * @param fieldWeights text field to weight, in place of the schema's
   */
  public record WordsBody(
      @Nullable String operator,
      @Nullable Boolean prefix,
      @Nullable Boolean typo,
      @Nullable Map<String, @Nullable Double> fieldWeights) {}

  public record BoostBody(@Nullable RecencyBody recency) {}

  /** {@code field} is a datetime attribute; {@code halfLife} a duration such as {@code 30d}. */
  public record RecencyBody(
      @Nullable String field, @Nullable String halfLife, @Nullable Double weight) {}

  /** Maximal marginal relevance; {@code lambda} 1 is relevance alone, 0 is diversity alone. */
  public record DiversityBody(@Nullable Double lambda, @Nullable Integer candidates) {}

  /** The second phase; {@code candidates} is how many of the best are scored again. */
  public record RerankBody(@Nullable Integer candidates) {}

  /**
   * Shards that need not be searched; both may lose hits.
   *
   * @param minSimilarity those whose centroids are all less similar to the query, by vectors
   * @param requireWords those where no document has the words, by vectors either
   */
  public record RoutingOptionsBody(
      @Nullable Double minSimilarity, @Nullable Boolean requireWords) {}

  /** A request that asks for {@code q} and nothing else. */
  public static Builder words(@Nullable String q) {
    return new Builder(q, null);
  }

  /** A request for what is near {@code vector}. */
  public static Builder near(float[] vector) {
    return new Builder(null, vector);
  }

  /** Requests of the services' own, which name a few of the many members. */
  public static final class Builder {
    private final @Nullable String q;
    private final float @Nullable [] vector;
    private @Nullable String mode;
    private @Nullable Map<String, @Nullable Object> filter;
    private @Nullable Integer limit;
    private @Nullable List<String> fields;
    private @Nullable Boolean explain;
    private @Nullable Boolean exact;
    private @Nullable Double minScore;
    private @Nullable Integer timeoutMs;
    private @Nullable Object minCommit;
    private @Nullable Object asOf;
    private @Nullable AuthorityBody authority;

    private Builder(@Nullable String q, float @Nullable [] vector) {
      this.q = q;
      this.vector = vector;
    }

    public Builder mode(@Nullable String value) {
      mode = value;
      return this;
    }

    public Builder filter(@Nullable Map<String, @Nullable Object> value) {
      filter = value;
      return this;
    }

    public Builder limit(@Nullable Integer value) {
      limit = value;
      return this;
    }

    public Builder fields(@Nullable List<String> value) {
      fields = value;
      return this;
    }

    public Builder explain(@Nullable Boolean value) {
      explain = value;
      return this;
    }

    public Builder exact(@Nullable Boolean value) {
      exact = value;
      return this;
    }

    public Builder minScore(@Nullable Double value) {
      minScore = value;
      return this;
    }

    public Builder timeoutMs(@Nullable Integer value) {
      timeoutMs = value;
      return this;
    }

    public Builder minCommit(@Nullable Object value) {
      minCommit = value;
      return this;
    }

    public Builder asOf(@Nullable Object value) {
      asOf = value;
      return this;
    }

    public Builder authority(double weight) {
      authority = new AuthorityBody(weight);
      return this;
    }

    public SearchRequest build() {
      return new SearchRequest(
          q, vector, mode, null, authority, filter, null, null, null, limit, null, fields, null,
          explain, exact, minScore, timeoutMs, null, minCommit, asOf, null, null, null, null, null,
          null, null);
    }
  }
}
