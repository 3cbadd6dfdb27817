package io.mosaicdb.storage.search;

import io.mosaicdb.storage.facet.FacetCounts;
import io.mosaicdb.storage.search.PartitionSnapshot.MissingShard;
import io.mosaicdb.storage.search.SearchOutcome.LegHit;
import io.mosaicdb.storage.search.SearchOutcome.SegmentReport;
import io.mosaicdb.storage.search.SearchOutcome.State;
import io.mosaicdb.storage.text.CollectionStatistics;
import io.mosaicdb.storage.text.TermExpansions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  private final ExecutorService pool;
  private final int threads;

  /**
   * @param threads how many of the pool's threads one search may use at a time
   */
  public SnapshotSearch(ExecutorService pool, int threads) {
    this.pool = pool;
    this.threads = threads;
  }

  /**
   * The best hits of all snapshots together.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the pool has as much work as it
   *     takes
   * @throws InterruptedException if the calling thread is interrupted while it waits
   */
  public SearchOutcome search(List<PartitionSnapshot> snapshots, SearchCommand command)
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
        if (snapshot.segments().get(i).segment().documentCount() > 0) {
          tasks.add(new SegmentSearch(snapshot, i, command));
        }
      }
    }
    run(tasks, command, deadline);
    return merge(tasks, reports, command);
  }

  /**
   * A small search is one piece of work. A large one is dealt out to several threads, which depends
   * on the segments only, so that the same search always finds the same.
   */
  private void run(List<SegmentSearch> tasks, SearchCommand command, long deadline)
      throws InterruptedException {
    long documents = tasks.stream().mapToLong(task -> task.view.segment().documentCount()).sum();
    int most = Math.min(threads, tasks.size());
    int groups = Math.clamp(documents / DOCUMENTS_PER_THREAD, 1, Math.max(1, most));
    if (groups == 1) {
      await(
          List.of(
              pool.submit(() -> {
                gatherStatistics(tasks, command);
                searchOneByOne(tasks, command, deadline);
              })),
          deadline);
      return;
    }
    if (command.text() != null) {
      await(List.of(pool.submit(() -> gatherStatistics(tasks, command))), deadline);
    }
    var running = new ArrayList<Future<?>>(groups);
    for (int group = 0; group < groups; group++) {
      var members = new ArrayList<SegmentSearch>();
      for (int i = group; i < tasks.size(); i += groups) {
        members.add(tasks.get(i));
      }
      running.add(pool.submit(() -> searchOneByOne(members, command, deadline)));
    }
    await(running, deadline);
  }

  private static void gatherStatistics(List<SegmentSearch> tasks, SearchCommand command) {
    if (command.text() == null) {
      return;
    }
    expand(tasks, command);
    var sum = CollectionStatistics.NONE;
    for (SegmentSearch task : tasks) {
      sum = sum.merge(task.statistics());
    }
    for (SegmentSearch task : tasks) {
      task.statistics = sum;
    }
  }

  /** Every segment looks for the same terms, whatever its own dictionary has. */
  private static void expand(List<SegmentSearch> tasks, SearchCommand command) {
    var text = command.text();
    var demands = command.demands();
    boolean needed =
        (text != null && TermExpansions.areNeededBy(text))
            || (demands != null && demands.needExpansions());
    if (!needed) {
      return;
    }
    var expansions = TermExpansions.NONE;
    for (SegmentSearch task : tasks) {
      expansions = expansions.merge(task.expansions());
    }
    var expanded =
        command.withWords(
            text == null ? null : expansions.applyTo(text),
            demands == null ? null : demands.with(expansions));
    for (SegmentSearch task : tasks) {
      task.command = expanded;
    }
  }

  /** Each segment need find only what is better than the best of those before it. */
  private static void searchOneByOne(
      List<SegmentSearch> tasks, SearchCommand command, long deadline) {
    var words = new ScoreFloor(command.candidates(), 0);
    var vectors = new ScoreFloor(command.candidates(), Float.NEGATIVE_INFINITY);
    for (SegmentSearch task : tasks) {
      if (System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
        return;
      }
      task.run(words, vectors);
    }
  }

  /** Waits until all are done or the deadline has passed; what is late then goes on for nobody. */
  private static void await(List<? extends Future<?>> running, long deadline)
      throws InterruptedException {
    for (var future : running) {
      try {
        future.get(remaining(deadline), TimeUnit.NANOSECONDS);
      } catch (TimeoutException | CancellationException e) {
        future.cancel(true);
      } catch (ExecutionException e) {
        throw propagated(e);
      }
    }
  }

  private static long remaining(long deadline) {
    return Math.max(1, deadline - System.nanoTime());
  }

  private static RuntimeException propagated(ExecutionException e) {
    if (e.getCause() instanceof RuntimeException cause) {
      return cause;
    }
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e.getCause());
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
