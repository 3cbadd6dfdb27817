package io.mosaicdb.contract.search;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST …/search}. What is absent has its default. */
public record SearchRequest(
    @Nullable String q,
    float @Nullable [] vector,
    @Nullable String mode,
    @Nullable FusionBody fusion,
    @Nullable AuthorityBody authority,
    @Nullable Map<String, @Nullable Object> filter,
    @Nullable List<String> facets,
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
    @Nullable Object asOf) {
  /** {@code type} is {@code rrf} or {@code normalized}; {@code k} belongs to rrf. */
  public record FusionBody(
      @Nullable String type, @Nullable Integer k, @Nullable WeightsBody weights) {}

  public record WeightsBody(@Nullable Double text, @Nullable Double vector) {}

  public record AuthorityBody(@Nullable Double weight) {}

  public record GroupBody(@Nullable String field, @Nullable Integer size) {}

  public record SortBody(@Nullable String field, @Nullable String order) {}

  public record HighlightBody(@Nullable List<String> fields, @Nullable Integer fragments) {}
}
