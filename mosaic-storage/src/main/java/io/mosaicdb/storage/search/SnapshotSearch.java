package io.mosaicdb.storage.search;

import io.mosaicdb.storage.facet.FacetCounts;
import io.mosaicdb.storage.search.PartitionSnapshot.MissingShard;
import io.mosaicdb.storage.search.SearchOutcome.LegHit;
import io.mosaicdb.storage.search.SearchOutcome.SegmentReport;
import io.mosaicdb.storage.search.SearchOutcome.State;
import io.mosaicdb.storage.text.CollectionStatistics;
import io.mosaicdb.storage.text.TermExpansions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Searches snapshots. The pool's threads are platform threads: what runs on them calls SQLite,
 * which would pin a virtual thread's carrier. The calling thread only waits.
 */
public final class SnapshotSearch {
  static final Comparator<LegHit> ORDER =
      Comparator.comparingDouble(LegHit::score).reversed().thenComparing(LegHit::id);

  /** So many documents are worth a thread of their own; fewer are searched faster in one go. */
  private static final int DOCUMENTS_PER_THREAD = 100_000;

  private static final Duration LONGEST = Duration.ofMillis(500);

  private final ExecutorService pool;
  private final ExecutorService relief;
  private final int threads;
  private final Duration longest;

  /** One whose segments have half a second each. */
  public SnapshotSearch(ExecutorService pool, int threads) {
    this(pool, pool, threads, LONGEST);
  }

  /**
   * @param relief whose threads search on where those of the pool are held up by a segment
   * @param threads how many of the pool's threads one search may use at a time
   * @param longest a segment is left behind that takes longer than this and than three quarters of
   *     the search's time; one that took longer than this when it was left behind has failed
   */
  public SnapshotSearch(
      ExecutorService pool, ExecutorService relief, int threads, Duration longest) {
    this.pool = pool;
    this.relief = relief;
    this.threads = threads;
    this.longest = longest;
  }

  /** As the other, without a guard. */
  public SearchOutcome search(List<PartitionSnapshot> snapshots, SearchCommand command)
      throws InterruptedException {
    return search(snapshots, command, SegmentGuard.NONE);
  }

  /**
   * The best hits of all snapshots together.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the pool has as much work as it
   *     takes
   * @throws InterruptedException if the calling thread is interrupted while it waits
   */
  public SearchOutcome search(
      List<PartitionSnapshot> snapshots, SearchCommand command, SegmentGuard guard)
      throws InterruptedException {
    long deadline = System.nanoTime() + command.timeout().toNanos();
    var tasks = new ArrayList<SegmentSearch>();
    var reports = new ArrayList<SegmentReport>();
    for (PartitionSnapshot snapshot : snapshots) {
      for (MissingShard missing : snapshot.missing()) {
        reports.add(
            SegmentReport.unread(
                snapshot.partition(), missing.shardId(), State.FAILED, 0, missing.reason()));
      }
      for (int i = 0; i < snapshot.segments().size(); i++) {
        var segment = snapshot.segments().get(i).segment();
        if (segment.documentCount() == 0) {
          continue;
        }
        var refusal = guard.findRefusal(segment);
        if (refusal.isEmpty()) {
          tasks.add(new SegmentSearch(snapshot, i, command));
        } else {
          reports.add(
              SegmentReport.unread(
                  snapshot.partition(),
                  segment.shardId().orElse("live"),
                  State.SKIPPED,
                  segment.documentCount(),
                  refusal.get()));
        }
      }
    }
    try {
      run(tasks, command, deadline);
    } finally {
      for (SegmentSearch task : tasks) {
        task.settle(task.found, guard);
      }
    }
    return merge(tasks, reports, command);
  }

  private void run(List<SegmentSearch> tasks, SearchCommand command, long deadline)
      throws InterruptedException {
    if (tasks.isEmpty()) {
      return;
    }
    var steps = new ArrayList<SegmentRelay.Step>();
    var all = List.of(tasks);
    if (needsExpansions(command)) {
      steps.add(
          new SegmentRelay.Step(
              all,
              (task, _, _) -> task.expanded = task.expansions(),
              () -> expand(tasks, command)));
    }
    if (command.text() != null) {
      steps.add(
          new SegmentRelay.Step(
              all, (task, _, _) -> task.gathered = task.statistics(), () -> addUp(tasks)));
    }
    steps.add(new SegmentRelay.Step(lanes(tasks), SegmentSearch::run, () -> {}));
    // What a user gives a search more time for may be slow in one shard.
    var share = command.timeout().multipliedBy(3).dividedBy(4);
    var most = share.compareTo(longest) > 0 ? share : longest;
    new SegmentRelay(pool, relief, command, steps, deadline, most, longest).run();
  }

  /**
   * A small search is one piece of work. A large one is dealt out to several threads, which depends
   * on the segments only, so that the same search always finds the same.
   */
  private List<List<SegmentSearch>> lanes(List<SegmentSearch> tasks) {
    long documents = tasks.stream().mapToLong(task -> task.view.segment().documentCount()).sum();
    int most = Math.min(threads, tasks.size());
    int groups = Math.clamp(documents / DOCUMENTS_PER_THREAD, 1, Math.max(1, most));
    if (groups == 1) {
      return List.of(tasks);
    }
    var lanes = new ArrayList<List<SegmentSearch>>(groups);
    for (int group = 0; group < groups; group++) {
      var members = new ArrayList<SegmentSearch>();
      for (int i = group; i < tasks.size(); i += groups) {
        members.add(tasks.get(i));
      }
      lanes.add(members);
    }
    return lanes;
  }

  private static void addUp(List<SegmentSearch> tasks) {
    var sum = CollectionStatistics.NONE;
    for (SegmentSearch task : tasks) {
      if (!task.isLeft()) {
        sum = sum.merge(task.gathered);
      }
    }
    for (SegmentSearch task : tasks) {
      task.statistics = sum;
    }
  }

  private static boolean needsExpansions(SearchCommand command) {
    var text = command.text();
    var demands = command.demands();
    return (text != null && TermExpansions.areNeededBy(text))
        || (demands != null && demands.needExpansions());
  }

  /** Every segment looks for the same terms, whatever its own dictionary has. */
  private static void expand(List<SegmentSearch> tasks, SearchCommand command) {
    var expansions = TermExpansions.NONE;
    for (SegmentSearch task : tasks) {
      if (!task.isLeft()) {
        expansions = expansions.merge(task.expanded);
      }
    }
    var text = command.text();
    var demands = command.demands();
    var expanded =
        command.withWords(
            text == null ? null : expansions.applyTo(text),
            demands == null ? null : demands.with(expansions));
    for (SegmentSearch task : tasks) {
      task.command = expanded;
    }
  }

  private static SearchOutcome merge(
      List<SegmentSearch> tasks, List<SegmentReport> reports, SearchCommand command) {
    var text = new ArrayList<LegHit>();
    var vector = new ArrayList<LegHit>();
    var sorted = new ArrayList<SearchOutcome.SortedHit>();
    var facets = new ArrayList<FacetCounts>();
    command.facets().forEach(_ -> facets.add(FacetCounts.NONE));
    long total = 0;
    boolean exact = true;
    double filterMs = 0;
    double textMs = 0;
    double vectorMs = 0;
    for (SegmentSearch task : tasks) {
      var found = task.found;
      reports.add(task.report(found));
      if (found == null) {
        exact = false;
        continue;
      }
      text.addAll(found.text);
      vector.addAll(found.vector);
      sorted.addAll(found.sorted);
      for (int i = 0; i < found.facets.size(); i++) {
        facets.set(i, facets.get(i).plus(found.facets.get(i)));
      }
      total += found.total;
      exact &= found.totalIsExact;
      filterMs += found.filterNanos / 1e6;
      textMs += found.textNanos / 1e6;
      vectorMs += found.vectorNanos / 1e6;
    }
    if (command.sort() != null) {
      sorted.sort(command.sort().hits());
    }
    return new SearchOutcome(
        best(text, command),
        best(vector, command),
        cut(sorted, command, SearchOutcome.SortedHit::group),
        facets,
        total,
        exact,
        reports,
        new SearchOutcome.Timings(filterMs, textMs, vectorMs));
  }

  private static List<LegHit> best(List<LegHit> hits, SearchCommand command) {
    hits.sort(ORDER);
    return cut(hits, command, LegHit::group);
  }

  /** As many as are wanted; with groups as many as leave those after each group is cut. */
  private static <H> List<H> cut(
      List<H> hits, SearchCommand command, Function<H, @Nullable Object> groupOf) {
    int most = command.candidates();
    var grouping = command.group();
    if (grouping == null) {
      return hits.size() > most ? hits.subList(0, most) : hits;
    }
    var kept = new ArrayList<H>();
    var sizes = new HashMap<Object, Integer>();
    int staying = 0;
    for (H hit : hits) {
      if (staying == most) {
        break;
      }
      var group = groupOf.apply(hit);
      int size = group == null ? 1 : sizes.merge(group, 1, Integer::sum);
      staying += size <= grouping.size() ? 1 : 0;
      if (grouping.keeps(size, kept.size() < most)) {
        kept.add(hit);
      }
    }
    return kept;
  }
}
