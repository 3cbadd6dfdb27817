package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.FacetBody;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.coordinator.namespace.NamespaceDefinition;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.model.ranking.Fusion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A search that was checked, with every default filled in.
 *
 * @param text the user's words in NFC; null: none
 * @param vector the client's; null: made of {@code text} where the mode wants one
 * @param mode what is done, which may be less than what was asked: {@code modeReason} says why
 * @param minScore hits whose score is lower are left out; null: none
 * @param limit hits at most; 0 where only what is counted is wanted
 * @param minSimilarity hits whose vector score is lower or unknown are left out; null: none
 * @param minCommit waited for; null: nothing
 * @param words how {@code text} is read; null: the default
 * @param asOf the commits to look at; null: the newest
 * @param plan forced; null: the worker chooses
 * @param routing which shards need not be searched; null: all are
 * @param staleIfError whether an older answer will do where no new one can be had
 * @param without id of a document that is left out; null: none
 * @param vectorModel whose vector {@code vector} is, as commits name it; null: the client's
 * @param depth how many hits each leg gives where that does not follow from the limit, else 0
 */
record SearchQuery(
    NamespaceDefinition definition,
    @Nullable String text,
    float @Nullable [] vector,
    SearchMode mode,
    String modeReason,
    Fusion fusion,
    @Nullable Map<String, @Nullable Object> filter,
    int limit,
    @Nullable List<String> fields,
    List<String> highlightFields,
    int fragments,
    boolean explain,
    boolean exact,
    @Nullable Double minScore,
    @Nullable Double minSimilarity,
    Duration timeout,
    boolean allowPartial,
    @Nullable Position minCommit,
    SearchRequest.@Nullable WordsBody words,
    List<FacetBody> facets,
    SearchRequest.@Nullable GroupBody group,
    List<SearchRequest.SortBody> sort,
    @Nullable String cursor,
    @Nullable Position asOf,
    RankingOptions ranking,
    @Nullable String plan,
    SearchRequest.@Nullable RoutingOptionsBody routing,
    boolean staleIfError,
    @Nullable String without,
    @Nullable String vectorModel,
    int depth) {
  private static final int LEAST_CANDIDATES = 100;

  /** Whether all that match are wanted in an order by attributes, or by id, instead of the best. */
  boolean ordered() {
    return !sort.isEmpty() || (text == null && vector == null);
  }

  boolean wantsText() {
    return mode != SearchMode.SEMANTIC;
  }

  boolean wantsVector() {
    return mode != SearchMode.KEYWORD;
  }

  /** How many hits each leg gives to the fusion. */
  int candidates() {
    if (depth > 0) {
      return depth;
    }
    if (limit == 0 || ordered()) {
      return limit;
    }
    return Math.max(ranking.depth(), Math.max(LEAST_CANDIDATES, 3 * limit));
  }

  /** The same, for hits at least that similar. */
  SearchQuery withMinSimilarity(double similarity) {
    return refined(limit, exact, similarity, asOf, without, vectorModel, depth);
  }

  /**
   * The same, as if the document of that id were not there.
   *
   * @param model whose vector is looked for
   */
  SearchQuery without(String id, @Nullable String model) {
    return refined(limit, exact, minSimilarity, asOf, id, model, depth);
  }

  /** The same without hits, for what is counted alone. */
  SearchQuery withoutHits() {
    return refined(0, exact, minSimilarity, asOf, without, vectorModel, depth);
  }

  /** For a window that depends on the documents alone: deep, exact, and as of a snapshot. */
  SearchQuery inWindow(@Nullable Position position, int hits) {
    return refined(limit, true, minSimilarity, position, without, vectorModel, hits);
  }

  /** The same, with that many candidates of each leg. */
  SearchQuery withCandidates(int candidates) {
    return refined(limit, exact, minSimilarity, asOf, without, vectorModel, candidates);
  }

  private SearchQuery refined(
      int hits,
      boolean exactly,
      @Nullable Double similarity,
      @Nullable Position position,
      @Nullable String leftOut,
      @Nullable String model,
      int deep) {
    return new SearchQuery(
        definition,
        text,
        vector,
        mode,
        modeReason,
        fusion,
        filter,
        hits,
        fields,
        highlightFields,
        fragments,
        explain,
        exactly,
        minScore,
        similarity,
        timeout,
        allowPartial,
        minCommit,
        words,
        facets,
        group,
        sort,
        cursor,
        position,
        ranking,
        plan,
        routing,
        staleIfError,
        leftOut,
        model,
        deep);
  }
}
