package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchResponse.DegradedBody;
import io.mosaicdb.contract.search.SearchResponse.ShardsBody;
import java.time.Duration;
import java.util.List;

/** Refuses answers that lack something where the request does not allow it. */
final class Completeness {
  private Completeness() {}

  /**
   * @throws MosaicException {@code partial_not_allowed}
   */
  static void require(SearchQuery query, ShardsBody shards, List<DegradedBody> degraded) {
    int missing = shards.missing().size();
    if (query.allowPartial() || (missing == 0 && degraded.isEmpty())) {
      return;
    }
    throw new MosaicException(
        ErrorCode.PARTIAL_NOT_ALLOWED,
        degraded.isEmpty()
            ? "%d of %d shards did not answer".formatted(missing, shards.total())
            : degraded.getFirst().detail(),
        List.of(),
        Duration.ofSeconds(1),
        null);
  }
}
