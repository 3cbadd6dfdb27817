package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code POST …/facets} takes and gives: a search's counts without its hits. */
final class FacetsBodies {
  private FacetsBodies() {}

  record FacetsRequest(
      @Nullable String q,
      @Nullable Map<String, @Nullable Object> filter,
      @Nullable List<Object> facets,
      @Nullable Integer timeoutMs,
      @Nullable Boolean allowPartial,
      @Nullable Object minCommit,
      @Nullable Object asOf,
      SearchRequest.@Nullable WordsBody words) {
    SearchRequest search() {
      return new SearchRequest(
          q,
          null,
          q == null ? null : "keyword",
          null,
          null,
          filter,
          facets,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          timeoutMs,
          allowPartial,
          minCommit,
          asOf,
          words,
          null,
          null,
          null,
          null,
          null,
          null);
    }
  }

  record FacetsResponse(
      SearchResponse.TotalBody total,
      Map<String, Object> facets,
      SearchResponse.SnapshotBody snapshot,
      SearchResponse.CoverageBody coverage,
      double tookMs,
      String requestId) {
    static FacetsResponse of(SearchResponse answer) {
      return new FacetsResponse(
          answer.total(),
          answer.facets() == null ? Map.of() : answer.facets(),
          answer.snapshot(),
          answer.coverage(),
          answer.tookMs(),
          answer.requestId());
    }
  }
}
