package io.mosaicdb.worker.search;

import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.search.SearchOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What explain tells of a worker's part: plans, what they were chosen by, and what was true. */
final class WorkerPlan {
  private WorkerPlan() {}

  static SearchResponse.PlanBody of(SearchOutcome outcome, List<PartitionSnapshot> snapshots) {
    var plans = new TreeSet<String>();
    var estimates = new LinkedHashMap<String, Object>();
    var truth = new LinkedHashMap<String, Object>();
    var estimated = new LinkedHashMap<String, Object>();
    var passed = new LinkedHashMap<String, Object>();
    double expected = 0;
    long searched = 0;
    for (var report : outcome.segments()) {
      var plan = report.plan();
      if (plan == null) {
        continue;
      }
      plans.add(plan.wireName());
      expected += report.estimated();
      searched += report.documents();
      var name = report.partition() + "/" + report.name();
      estimated.put(
          name, Map.of("plan", plan.wireName(), "passing_filter", Math.round(report.estimated())));
      passed.put(
          name, Map.of("passing_filter", report.passed(), "accepted_by_filter", report.matching()));
    }
    estimates.put("passing_filter", Math.round(expected));
    estimates.put("selectivity", searched == 0 ? 0 : expected / searched);
    estimates.put("segments", estimated);
    truth.put("documents", snapshots.stream().mapToLong(PartitionSnapshot::liveDocuments).sum());
    truth.put(
        "passing_filter",
        outcome.segments().stream().mapToLong(SearchOutcome.SegmentReport::passed).sum());
    truth.put(
        "accepted_by_filter",
        outcome.segments().stream().mapToLong(report -> Math.max(0, report.matching())).sum());
    truth.put("text_candidates", outcome.text().size());
    truth.put("vector_candidates", outcome.vector().size());
    truth.put("segments", passed);
    return new SearchResponse.PlanBody(String.join(" | ", plans), List.of(), estimates, truth);
  }
}
