package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchRequest;
import org.jspecify.annotations.Nullable;

/**
 * What changes the order beyond the fusion of the legs.
 *
 * @param authority weight of link authority, 0: none
 */
record RankingOptions(
    double authority,
    SearchRequest.@Nullable RecencyBody recency,
    SearchRequest.@Nullable DiversityBody diversity,
    SearchRequest.@Nullable RerankBody rerank) {}
