package io.mosaicdb.contract.search;

import io.mosaicdb.contract.namespace.EmbedderBody;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a search: what was found, and exactly what it was found in.
 *
 * @param didYouMean the words as they are probably meant, where few documents have those given
 * @param stale true where the answer is from an older snapshot than the newest
 * @param cache {@code hit} where the answer was kept from an earlier, equal request
 */
public record SearchResponse(
    List<HitBody> hits,
    TotalBody total,
    @Nullable Map<String, Object> facets,
    @Nullable String nextCursor,
    SnapshotBody snapshot,
    CoverageBody coverage,
    double tookMs,
    TimingsBody timings,
    @Nullable PlanBody plan,
    @Nullable List<RoutingBody> routing,
    @Nullable String didYouMean,
    @Nullable Boolean stale,
    @Nullable String cache,
    String requestId) {
  /** The same answer with what was probably meant. */
  public SearchResponse withDidYouMean(@Nullable String meant) {
    return new SearchResponse(
        hits,
        total,
        facets,
        nextCursor,
        snapshot,
        coverage,
        tookMs,
        timings,
        plan,
        routing,
        meant,
        stale,
        cache,
        requestId);
  }

  /** The same answer, which {@code cursor} leads on from. */
  public SearchResponse withNextCursor(@Nullable String cursor) {
    return new SearchResponse(
        hits,
        total,
        facets,
        cursor,
        snapshot,
        coverage,
        tookMs,
        timings,
        plan,
        routing,
        didYouMean,
        stale,
        cache,
        requestId);
  }

  /**
   * {@code fields} holds title, url, attributes and text fields, as asked for; {@code pagerank} is
   * null where the document has no rank.
   */
  public record HitBody(
      String id,
      double score,
      Map<String, Object> fields,
      @Nullable PassageBody passage,
      List<HighlightBody> highlights,
      ScoresBody scores,
      @Nullable String shardId,
      @Nullable Double pagerank,
      @Nullable Object group,
      @Nullable List<@Nullable Object> sort,
      @Nullable ExplanationBody explanation) {}

  public record PassageBody(String text, int start, int end) {}

  /** {@code spans}: pairs of start and end in UTF-16 units of {@code text}. */
  public record HighlightBody(String field, String text, List<int[]> spans) {}

  /**
   * What a hit's score is the sum of: the legs' contributions, authority, recency and rerank; null
   * where a part had no say.
   */
  public record ScoresBody(
      @Nullable LegBody text,
      @Nullable LegBody vector,
      @Nullable Double authority,
      @Nullable Double recency,
      @Nullable Double rerank) {}

  /**
   * {@code raw} is BM25 for text; for vectors the cosine, the dot product, or 1 / (1 + d²). {@code
   * contribution} is what the leg adds to the score.
   */
  public record LegBody(double raw, int rank, double contribution) {}

  /** A tree whose values add up (or say what they do instead). */
  public record ExplanationBody(double value, String description, List<ExplanationBody> details) {}

  /** {@code relation}: eq, or gte where counting stopped early. */
  public record TotalBody(long value, String relation) {}

  public record SnapshotBody(
      String token, Map<String, PartitionSnapshot> partitions, @Nullable EmbedderBody embedder) {}

  public record PartitionSnapshot(long generation, long commitSeq) {}

  public record CoverageBody(boolean full, ShardsBody shards, List<DegradedBody> degraded) {}

  /**
   * @param skipped left alone, because they failed again and again
   * @param missing those that timed out, failed or were skipped
   * @param reasons why, as far as it is known
   */
  public record ShardsBody(
      int total,
      int searched,
      int pruned,
      int timedOut,
      int failed,
      int skipped,
      List<String> missing,
      Map<String, String> reasons) {}

  /** What is missing from the answer and why. */
  public record DegradedBody(String code, String detail) {}

  public record TimingsBody(
      double embedMs, double routeMs, double searchMs, double mergeMs, double fetchMs) {}

  public record PlanBody(
      String chosen,
      List<String> stages,
      Map<String, Object> estimates,
      Map<String, Object> truth) {}

  /** {@code state}: searched, pruned, skipped, failed or timed_out. */
  public record RoutingBody(
      String partition, String shardId, String state, long documents, @Nullable String reason) {}
}
