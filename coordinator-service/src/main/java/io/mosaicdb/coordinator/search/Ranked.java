package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchResponse.DegradedBody;
import io.mosaicdb.model.ranking.RankedHit;
import java.util.List;

/**
 * The retrieved documents in the order of the answer.
 *
 * @param hits the whole window that pages are cut from
 * @param whole whether no hit below the window could have been in it
 * @param settled whether boosts could not bring a document that was not retrieved among the best
 * @param notes what each stage did, for explain
 * @param degraded what could not be done and why
 */
record Ranked(
    List<RankedHit> hits,
    boolean whole,
    boolean settled,
    List<String> notes,
    List<DegradedBody> degraded) {
  Ranked {
    hits = List.copyOf(hits);
    notes = List.copyOf(notes);
    degraded = List.copyOf(degraded);
  }
}
