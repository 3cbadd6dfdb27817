package io.mosaicdb.contract.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for what ranks candidates beyond the legs' scores, from the snapshot that {@code lease}
 * names; a lease that is gone is {@code snapshot_gone}.
 *
 * @param moment a filterable datetime attribute to read; null: none
 * @param vectors whether the vectors of the candidates' passages are wanted
 */
public record CandidatesRequest(
    String lease, List<FetchRequest.WantedHit> hits, @Nullable String moment, boolean vectors) {}
