package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.model.schema.Schema;

/** Checks what changes the order beyond the fusion of the legs. */
final class RankingCheck {
  private static final double MOST_AUTHORITY = 1000;

  private RankingCheck() {}

  static RankingOptions check(SearchRequest request, Schema schema) {
    boolean known = !schema.fields().isEmpty();
    Unavailable.refuse("/boost", known && request.boost() != null);
    Unavailable.refuse("/diversity", request.diversity() != null);
    Unavailable.refuse("/rerank", request.rerank() != null);
    return new RankingOptions(authority(request.authority()), null, null, null);
  }

  private static double authority(
      SearchRequest.@org.jspecify.annotations.Nullable AuthorityBody body) {
    if (body == null || body.weight() == null) {
      return 0;
    }
    double weight = body.weight();
    if (!(weight >= 0 && weight <= MOST_AUTHORITY)) {
      throw MosaicException.invalidValue(
          "/authority/weight", "must be between 0 and " + MOST_AUTHORITY + ", got " + weight);
    }
    return weight;
  }
}
