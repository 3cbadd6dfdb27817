package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.FetchRequest;
import io.mosaicdb.contract.worker.FetchRequest.WantedHit;
import io.mosaicdb.contract.worker.FetchResponse;
import io.mosaicdb.contract.worker.FetchResponse.FetchedHit;
import io.mosaicdb.contract.worker.WorkerSearchResponse.LegHit;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.coordinator.worker.Worker;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.ranking.RankedHit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Fetches what hits hold, from each worker its own hits. */
final class HitFetcher {
  private final FanOut fanOut;
  private final WorkerTopology topology;

  HitFetcher(FanOut fanOut, WorkerTopology topology) {
    this.fanOut = fanOut;
    this.topology = topology;
  }

  /** What of each hit is wanted. */
  private record Shown(
      @Nullable List<String> fields,
      List<String> highlightFields,
      int fragments,
      boolean explain) {}

  /** What the answer shows: one entry a hit of the page, in its order. */
  List<FetchedHit> fetch(SearchQuery query, Retrieved retrieved, List<RankedHit> page) {
    return fetchLeased(query, retrieved, page, shown(query, retrieved));
  }

  /** The same from a snapshot that no lease holds, whoever has its partitions now. */
  List<FetchedHit> fetchAt(
      SearchQuery query, Retrieved retrieved, List<RankedHit> page, Position position) {
    var parts = new TreeMap<Integer, Part>();
    for (int i = 0; i < page.size(); i++) {
      var hit = retrieved.require(page.get(i).id()).hit();
      parts
          .computeIfAbsent(
              hit.ref().partition(),
              partition -> new Part(topology.ownerOf(partition), null, position.byNumber()))
          .add(i, hit);
    }
    return fetch(query, List.copyOf(parts.values()), page.size(), shown(query, retrieved));
  }

  private static Shown shown(SearchQuery query, Retrieved retrieved) {
    return new Shown(
        query.fields(),
        query.highlightFields(),
        query.fragments(),
        query.explain() && retrieved.ran() != SearchMode.SEMANTIC);
  }

  /** What a second phase reads: the short text fields and the passage that fits best. */
  List<FetchedHit> fetchTexts(SearchQuery query, Retrieved retrieved, List<RankedHit> hits) {
    var fields = new ArrayList<>(query.definition().schema().fields().keySet());
    boolean passages = fields.remove("text");
    return fetchLeased(
        query,
        retrieved,
        hits,
        new Shown(fields, passages ? List.of("text") : List.of(), 1, false));
  }

  private List<FetchedHit> fetchLeased(
      SearchQuery query, Retrieved retrieved, List<RankedHit> page, Shown shown) {
    var parts = new TreeMap<Integer, Part>();
    for (int i = 0; i < page.size(); i++) {
      var candidate = retrieved.require(page.get(i).id());
      var answer = retrieved.answers().get(candidate.answer());
      parts
          .computeIfAbsent(
              candidate.answer(), _ -> new Part(answer.worker(), answer.response().lease(), null))
          .add(i, candidate.hit());
    }
    return fetch(query, List.copyOf(parts.values()), page.size(), shown);
  }

  /** The hits that one worker is asked for at once. */
  private static final class Part {
    private final Worker worker;
    private final @Nullable String lease;
    private final @Nullable Map<String, Long> asOf;
    private final List<WantedHit> hits = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();

    Part(Worker worker, @Nullable String lease, @Nullable Map<String, Long> asOf) {
      this.worker = worker;
      this.lease = lease;
      this.asOf = asOf;
    }

    void add(int place, LegHit hit) {
      places.add(place);
      hits.add(new WantedHit(hit.id(), hit.ref(), hit.passage()));
    }
  }

  private List<FetchedHit> fetch(SearchQuery query, List<Part> parts, int size, Shown shown) {
    if (parts.isEmpty()) {
      return List.of();
    }
    var calls = new ArrayList<Callable<FetchResponse>>();
    parts.forEach(part -> calls.add(() -> fetch(query, part, shown)));
    var responses = fanOut.all(calls);
    var fetched = new FetchedHit[size];
    for (int p = 0; p < parts.size(); p++) {
      var places = parts.get(p).places;
      for (int i = 0; i < places.size(); i++) {
        fetched[places.get(i)] = responses.get(p).hits().get(i);
      }
    }
    return List.of(fetched);
  }

  private static FetchResponse fetch(SearchQuery query, Part part, Shown shown) {
    var request =
        new FetchRequest(
            part.lease,
            part.asOf,
            part.hits,
            shown.fields(),
            query.text(),
            query.words(),
            shown.highlightFields(),
            shown.fragments(),
            shown.explain());
    var response = part.worker.api().fetch(query.definition().name().value(), request);
    if (response.hits().size() != part.hits.size()) {
      throw new MosaicException(
          ErrorCode.INTERNAL_ERROR,
          "worker %s fetched %d of %d hits"
              .formatted(part.worker.id(), response.hits().size(), part.hits.size()));
    }
    return response;
  }
}
