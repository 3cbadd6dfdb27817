package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.worker.WorkerSearchResponse.LegHit;
import io.mosaicdb.model.ranking.AttributeOrder;
import io.mosaicdb.model.ranking.ScoredId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The hits of one leg from all workers, in one order. */
final class Candidates {
  private final List<ScoredId> ranking = new ArrayList<>();
  private final Map<String, Candidate> byId = new HashMap<>();

  /**
   * @param answer which worker's answer it is from
   * @param rank from 1
   */
  record Candidate(int answer, LegHit hit, int rank) {}

  private Candidates() {}

  /** Merges lists that are best first; of a document that several have, the better hit counts. */
  static Candidates merge(List<List<LegHit>> answers, int most) {
    record Found(ScoredId scored, int answer, LegHit hit) {}
    var found = new ArrayList<Found>();
    for (int a = 0; a < answers.size(); a++) {
      for (var hit : answers.get(a)) {
        found.add(new Found(new ScoredId(hit.id(), hit.score()), a, hit));
      }
    }
    found.sort((one, other) -> one.scored().compareTo(other.scored()));
    var merged = new Candidates();
    var seen = new HashSet<String>();
    for (var candidate : found) {
      if (merged.ranking.size() == most) {
        break;
      }
      if (seen.add(candidate.hit().id())) {
        merged.ranking.add(candidate.scored());
        merged.byId.put(
            candidate.hit().id(),
            new Candidate(candidate.answer(), candidate.hit(), merged.ranking.size()));
      }
    }
    return merged;
  }

  /** Merges lists that are in an order by attributes; values of a key are of one type. */
  static Candidates sorted(List<List<LegHit>> answers, AttributeOrder order, int most) {
    record Found(int answer, LegHit hit) {}
    var found = new ArrayList<Found>();
    for (int a = 0; a < answers.size(); a++) {
      for (var hit : answers.get(a)) {
        found.add(new Found(a, hit));
      }
    }
    found.sort((one, other) ->
        order.compare(keys(one.hit()), one.hit().id(), keys(other.hit()), other.hit().id()));
    var merged = new Candidates();
    for (var each : found) {
      var id = each.hit().id();
      if (merged.ranking.size() < most && !merged.byId.containsKey(id)) {
        merged.ranking.add(new ScoredId(id, each.hit().score()));
        merged.byId.put(id, new Candidate(each.answer(), each.hit(), merged.ranking.size()));
      }
    }
    return merged;
  }

  private static List<@Nullable Object> keys(LegHit hit) {
    return Objects.requireNonNull(hit.sort(), "a sorted hit has its keys");
  }

  List<ScoredId> ranking() {
    return ranking;
  }

  @Nullable Candidate find(String id) {
    return byId.get(id);
  }
}
