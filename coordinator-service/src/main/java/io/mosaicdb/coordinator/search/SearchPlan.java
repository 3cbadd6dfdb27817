package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchResponse.PlanBody;
import io.mosaicdb.contract.search.SearchResponse.RoutingBody;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What explain tells about the whole search: the five stages, and the workers' own plans. */
final class SearchPlan {
  private SearchPlan() {}

  static PlanBody of(SearchQuery query, Retrieved retrieved, Ranked ranked) {
    var ran = retrieved.ran();
    var note = retrieved.note();
    var answers = retrieved.answers();
    var stages = new ArrayList<String>();
    stages.add(
        query.text() == null
            ? "canonicalize: no words"
            : "canonicalize: words in NFC, " + query.text().length() + " characters");
    stages.add(
        "classify: "
            + ran.wireName()
            + " ("
            + (note.isEmpty() ? query.modeReason() : note)
            + ")"
            + (query.filter() == null ? ", no filter" : ", filtered"));
    stages.add(
        query.ordered()
            ? "retrieve: the first " + query.limit() + " of all that match, in order"
            : "retrieve: up to "
                + query.candidates()
                + " candidates "
                + switch (ran) {
                  case HYBRID -> "by words and by vectors";
                  case SEMANTIC -> "by vectors";
                  case KEYWORD -> "by words";
                }
                + " from "
                + answers.size()
                + (answers.size() == 1 ? " worker" : " workers"));
    stages.add(
        ran == SearchMode.HYBRID
            ? "fuse (RRF): " + Explanations.name(query.fusion())
            : "fuse (RRF): nothing to fuse, one leg");
    stages.add("rerank: " + String.join("; ", ranked.notes()));
    var chosen = new ArrayList<String>();
    var estimates = new LinkedHashMap<String, Object>();
    var truth = new LinkedHashMap<String, Object>();
    for (var answer : answers) {
      var plan = answer.response().plan();
      if (plan != null) {
        if (!chosen.contains(plan.chosen())) {
          chosen.add(plan.chosen());
        }
        add(estimates, plan.estimates(), answer, answers.size());
        add(truth, plan.truth(), answer, answers.size());
      }
    }
    return new PlanBody(
        chosen.isEmpty() ? ran.wireName() : String.join(" | ", chosen), stages, estimates, truth);
  }

  private static void add(
      Map<String, Object> target, Map<String, Object> values, Scatter.Answer answer, int workers) {
    values.forEach((name, value) ->
        target.put(workers == 1 ? name : answer.worker().id() + "/" + name, value));
  }

  static List<RoutingBody> routing(List<Scatter.Answer> answers) {
    var routing = new ArrayList<RoutingBody>();
    for (var answer : answers) {
      if (answer.response().routing() != null) {
        routing.addAll(answer.response().routing());
      }
    }
    return routing;
  }
}
