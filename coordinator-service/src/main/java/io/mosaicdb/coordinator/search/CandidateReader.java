package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.CandidatesRequest;
import io.mosaicdb.contract.worker.CandidatesResponse;
import io.mosaicdb.contract.worker.CandidatesResponse.CandidateBody;
import io.mosaicdb.contract.worker.FetchRequest.WantedHit;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.model.ranking.RankedHit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Reads moments and vectors of candidates, from each worker those it found. */
final class CandidateReader {
  private final FanOut fanOut;

  CandidateReader(FanOut fanOut) {
    this.fanOut = fanOut;
  }

  /**
   * What the workers know of the hits, by id.
   *
   * @param moment a datetime attribute; null: none
   */
  Map<String, CandidateBody> read(
      SearchQuery query,
      Retrieved retrieved,
      List<RankedHit> hits,
      @Nullable String moment,
      boolean vectors) {
    var ids = new TreeMap<Integer, List<String>>();
    var wanted = new TreeMap<Integer, List<WantedHit>>();
    for (var hit : hits) {
      var candidate = retrieved.require(hit.id());
      ids.computeIfAbsent(candidate.answer(), _ -> new ArrayList<>()).add(hit.id());
      wanted
          .computeIfAbsent(candidate.answer(), _ -> new ArrayList<>())
          .add(new WantedHit(hit.id(), candidate.hit().ref(), candidate.hit().passage()));
    }
    if (hits.isEmpty()) {
      return Map.of();
    }
    var namespace = query.definition().name().value();
    var calls = new ArrayList<Callable<CandidatesResponse>>();
    wanted.forEach((answer, asked) -> {
      var from = retrieved.answers().get(answer);
      var request = new CandidatesRequest(from.response().lease(), asked, moment, vectors);
      calls.add(() -> from.worker().api().candidates(namespace, request));
    });
    var responses = fanOut.all(calls);
    var read = HashMap.<String, CandidateBody>newHashMap(hits.size());
    int next = 0;
    for (var asked : ids.values()) {
      var candidates = responses.get(next++).candidates();
      if (candidates.size() != asked.size()) {
        throw new MosaicException(
            ErrorCode.INTERNAL_ERROR,
            "a worker told of %d of %d candidates".formatted(candidates.size(), asked.size()));
      }
      for (int i = 0; i < asked.size(); i++) {
        read.put(asked.get(i), candidates.get(i));
      }
    }
    return read;
  }
}
