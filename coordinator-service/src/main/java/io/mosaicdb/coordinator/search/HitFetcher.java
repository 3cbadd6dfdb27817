package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.FetchRequest;
import io.mosaicdb.contract.worker.FetchRequest.WantedHit;
import io.mosaicdb.contract.worker.FetchResponse;
import io.mosaicdb.contract.worker.FetchResponse.FetchedHit;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.model.ranking.RankedHit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Fetches what hits hold, from each worker its own hits. */
final class HitFetcher {
  private final FanOut fanOut;

  HitFetcher(FanOut fanOut) {
    this.fanOut = fanOut;
  }

  /** What of each hit is wanted. */
  private record Shown(
      @Nullable List<String> fields,
      List<String> highlightFields,
      int fragments,
      boolean explain) {}

  /** What the answer shows: one entry a hit of the page, in its order. */
  List<FetchedHit> fetch(SearchQuery query, Retrieved retrieved, List<RankedHit> page) {
    return fetch(
        query,
        retrieved,
        page,
        new Shown(
            query.fields(),
            query.highlightFields(),
            query.fragments(),
            query.explain() && retrieved.ran() != SearchMode.SEMANTIC));
  }

  /** What a second phase reads: the short text fields and the passage that fits best. */
  List<FetchedHit> fetchTexts(SearchQuery query, Retrieved retrieved, List<RankedHit> hits) {
    var fields = new ArrayList<>(query.definition().schema().fields().keySet());
    boolean passages = fields.remove("text");
    return fetch(
        query,
        retrieved,
        hits,
        new Shown(fields, passages ? List.of("text") : List.of(), 1, false));
  }

  private List<FetchedHit> fetch(
      SearchQuery query, Retrieved retrieved, List<RankedHit> page, Shown shown) {
    var wanted = new TreeMap<Integer, List<WantedHit>>();
    var positions = new TreeMap<Integer, List<Integer>>();
    for (int i = 0; i < page.size(); i++) {
      var candidate = retrieved.require(page.get(i).id());
      wanted
          .computeIfAbsent(candidate.answer(), _ -> new ArrayList<>())
          .add(
              new WantedHit(
                  candidate.hit().id(), candidate.hit().ref(), candidate.hit().passage()));
      positions.computeIfAbsent(candidate.answer(), _ -> new ArrayList<>()).add(i);
    }
    if (wanted.isEmpty()) {
      return List.of();
    }
    var calls = new ArrayList<Callable<FetchResponse>>();
    wanted.forEach((answer, hits) ->
        calls.add(() -> fetch(query, retrieved.answers().get(answer), hits, shown)));
    var responses = fanOut.all(calls);
    var fetched = new FetchedHit[page.size()];
    int next = 0;
    for (var at : positions.values()) {
      var response = responses.get(next++);
      for (int i = 0; i < at.size(); i++) {
        fetched[at.get(i)] = response.hits().get(i);
      }
    }
    return List.of(fetched);
  }

  private static FetchResponse fetch(
      SearchQuery query, Scatter.Answer answer, List<WantedHit> hits, Shown shown) {
    var request =
        new FetchRequest(
            answer.response().lease(),
            null,
            hits,
            shown.fields(),
            query.text(),
            query.words(),
            shown.highlightFields(),
            shown.fragments(),
            shown.explain());
    var response = answer.worker().api().fetch(query.definition().name().value(), request);
    if (response.hits().size() != hits.size()) {
      throw new MosaicException(
          ErrorCode.INTERNAL_ERROR,
          "worker %s fetched %d of %d hits"
              .formatted(answer.worker().id(), response.hits().size(), hits.size()));
    }
    return response;
  }
}
