package io.mosaicdb.contract.worker;

import io.mosaicdb.contract.search.SearchResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One entry a wanted hit, in order. */
public record FetchResponse(List<FetchedHit> hits) {
  public record FetchedHit(
      String id,
      long version,
      Map<String, Object> fields,
      SearchResponse.@Nullable PassageBody passage,
      List<SearchResponse.HighlightBody> highlights,
      @Nullable String shardId,
      SearchResponse.@Nullable ExplanationBody text) {}
}
