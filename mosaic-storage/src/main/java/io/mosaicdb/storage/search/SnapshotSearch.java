package io.mosaicdb.storage.search;

import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.search.PartitionSnapshot.MissingShard;
import io.mosaicdb.storage.search.SearchOutcome.LegHit;
import io.mosaicdb.storage.search.SearchOutcome.SegmentReport;
import io.mosaicdb.storage.search.SearchOutcome.State;
import io.mosaicdb.storage.segment.Segment;
import io.mosaicdb.storage.segment.SegmentReadException;
import io.mosaicdb.storage.text.CollectionStatistics;
import io.mosaicdb.storage.text.ScoredDocuments;
import io.mosaicdb.storage.text.TextIndexReadException;
import io.mosaicdb.storage.vector.ScoredPassages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Searches snapshots. The pool's threads are platform threads: what runs on them calls SQLite,
 * which would pin a virtual thread's carrier. The calling thread only waits.
 */
public final class SnapshotSearch {
  private static final Comparator<LegHit> ORDER =
      Comparator.comparingDouble(LegHit::score).reversed().thenComparing(LegHit::id);
  private static final int PASSAGES_PER_DOCUMENT = 4;

  private final ExecutorService pool;

  public SnapshotSearch(ExecutorService pool) {
    this.pool = pool;
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
    var tasks = new ArrayList<SegmentTask>();
    var reports = new ArrayList<SegmentReport>();
    for (PartitionSnapshot snapshot : snapshots) {
      for (MissingShard missing : snapshot.missing()) {
        reports.add(
            new SegmentReport(
                snapshot.partition(), missing.shardId(), State.FAILED, 0, -1, missing.reason()));
      }
      for (int i = 0; i < snapshot.segments().size(); i++) {
        if (snapshot.segments().get(i).segment().documentCount() > 0) {
          tasks.add(new SegmentTask(snapshot, i, command));
        }
      }
    }
    if (command.text() != null) {
      gatherStatistics(tasks, deadline);
    }
    run(tasks, deadline);
    return merge(tasks, reports, command);
  }

  /** One task for all segments: looking up a handful of terms is too little to spread. */
  private void gatherStatistics(List<SegmentTask> tasks, long deadline)
      throws InterruptedException {
    var gathered =
        pool.submit(() -> {
          var sum = CollectionStatistics.NONE;
          for (SegmentTask task : tasks) {
            sum = sum.merge(task.statistics());
          }
          return sum;
        });
    try {
      var statistics = gathered.get(remaining(deadline), TimeUnit.NANOSECONDS);
      tasks.forEach(task -> task.statistics = statistics);
    } catch (TimeoutException | CancellationException e) {
      gathered.cancel(true);
      tasks.forEach(task -> task.fail(State.TIMED_OUT, "term statistics were not there in time"));
    } catch (ExecutionException e) {
      throw propagated(e);
    }
  }

  private void run(List<SegmentTask> tasks, long deadline) throws InterruptedException {
    var running = new ArrayList<@Nullable Future<?>>(tasks.size());
    for (SegmentTask task : tasks) {
      running.add(task.state == null ? pool.submit(task) : null);
    }
    for (int i = 0; i < running.size(); i++) {
      var future = running.get(i);
      if (future == null) {
        continue;
      }
      try {
        future.get(remaining(deadline), TimeUnit.NANOSECONDS);
      } catch (TimeoutException | CancellationException e) {
        future.cancel(true);
        tasks.get(i).timedOut = true;
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
      List<SegmentTask> tasks, List<SegmentReport> reports, SearchCommand command) {
    var text = new ArrayList<LegHit>();
    var vector = new ArrayList<LegHit>();
    long total = 0;
    boolean exact = true;
    double filterMs = 0;
    double textMs = 0;
    double vectorMs = 0;
    for (SegmentTask task : tasks) {
      reports.add(task.report());
      var found = task.timedOut ? null : task.found;
      if (found == null) {
        exact = false;
        continue;
      }
      text.addAll(found.text);
      vector.addAll(found.vector);
      total += found.total;
      exact &= found.totalIsExact;
      filterMs += found.filterNanos / 1e6;
      textMs += found.textNanos / 1e6;
      vectorMs += found.vectorNanos / 1e6;
    }
    return new SearchOutcome(
        best(text, command.candidates()),
        best(vector, command.candidates()),
        total,
        exact,
        reports,
        new SearchOutcome.Timings(filterMs, textMs, vectorMs));
  }

  private static List<LegHit> best(List<LegHit> hits, int candidates) {
    hits.sort(ORDER);
    return hits.size() > candidates ? hits.subList(0, candidates) : hits;
  }

  private static final class Found {
    private final List<LegHit> text = new ArrayList<>();
    private final List<LegHit> vector = new ArrayList<>();
    private long total;
    private boolean totalIsExact = true;
    private long accepted;
    private long filterNanos;
    private long textNanos;
    private long vectorNanos;
  }

  /** The search of one segment. Its fields are handed over by the future's completion. */
  private static final class SegmentTask implements Runnable {
    private final PartitionSnapshot snapshot;
    private final int index;
    private final SearchCommand command;
    private final SegmentView view;
    private CollectionStatistics statistics = CollectionStatistics.NONE;
    private @Nullable State state;
    private String reason = "";
    private boolean timedOut;
    private @Nullable Found found;

    SegmentTask(PartitionSnapshot snapshot, int index, SearchCommand command) {
      this.snapshot = snapshot;
      this.index = index;
      this.command = command;
      this.view = snapshot.segments().get(index);
    }

    CollectionStatistics statistics() {
      try {
        return view.segment()
            .text()
            .statistics(java.util.Objects.requireNonNull(command.text()), view.live());
      } catch (SegmentReadException | TextIndexReadException e) {
        fail(State.FAILED, String.valueOf(e.getMessage()));
        return CollectionStatistics.NONE;
      }
    }

    void fail(State failure, String why) {
      state = failure;
      reason = why;
    }

    @Override
    public void run() {
      try {
        found = find();
        state = State.SEARCHED;
      } catch (SegmentReadException | TextIndexReadException e) {
        fail(State.FAILED, String.valueOf(e.getMessage()));
      }
    }

    SegmentReport report() {
      var segment = view.segment();
      var name = segment.shardId().orElse("live");
      if (timedOut || state == null) {
        return new SegmentReport(
            snapshot.partition(),
            name,
            State.TIMED_OUT,
            segment.documentCount(),
            -1,
            "no answer within " + command.timeout().toMillis() + " ms");
      }
      return new SegmentReport(
          snapshot.partition(),
          name,
          state,
          segment.documentCount(),
          found == null ? -1 : found.accepted,
          reason);
    }

    private Found find() {
      var result = new Found();
      var segment = view.segment();
      long start = System.nanoTime();
      var accept = accepted(segment);
      result.accepted = accept == null ? segment.documentCount() : accept.cardinality();
      long filtered = System.nanoTime();
      result.filterNanos = filtered - start;
      if (result.accepted == 0) {
        return result;
      }
      if (command.text() != null) {
        findWords(segment, accept, result);
      } else {
        result.total = result.accepted;
      }
      long worded = System.nanoTime();
      result.textNanos = worded - filtered;
      if (command.vector() != null && segment.passageCount() > 0) {
        findVectors(segment, accept, result);
      }
      result.vectorNanos = System.nanoTime() - worded;
      return result;
    }

    private @Nullable OrdinalSet accepted(Segment segment) {
      if (command.filter() == null) {
        return view.live();
      }
      var matching = segment.matching(command.filter());
      return view.live() == null ? matching : matching.and(view.live());
    }

    private void findWords(Segment segment, @Nullable OrdinalSet accept, Found result) {
      ScoredDocuments scored = bestByWords(segment, accept);
      for (int i = 0; i < scored.size(); i++) {
        int document = scored.ordinals()[i];
        result.text.add(
            new LegHit(
                segment.id(document),
                scored.scores()[i],
                snapshot.partition(),
                index,
                document,
                -1));
      }
      result.total = scored.totalMatches();
      result.totalIsExact = scored.totalIsExact();
    }

    /**
     * Which of equally good documents make the cut is decided by their ids. A shard's ordinals
     * follow them; elsewhere as many are taken as are equal to the last.
     */
    private ScoredDocuments bestByWords(Segment segment, @Nullable OrdinalSet accept) {
      var query = java.util.Objects.requireNonNull(command.text());
      int k = command.candidates();
      if (segment.isSortedById()) {
        return segment.text().search(query, statistics, k, accept);
      }
      int wanted = k;
      while (true) {
        wanted = (int) Math.min(segment.documentCount(), wanted + 1L);
        var scored = segment.text().search(query, statistics, wanted, accept);
        if (scored.size() < wanted
            || wanted == segment.documentCount()
            || scored.scores()[wanted - 1] < scored.scores()[k - 1]) {
          return scored;
        }
        wanted = (int) Math.min(Integer.MAX_VALUE - 1, wanted * 2L);
      }
    }

    /**
     * Asks for passages until enough documents are among them: several passages of one document
     * count once, by the best.
     */
    private void findVectors(Segment segment, @Nullable OrdinalSet accept, Found result) {
      var query = java.util.Objects.requireNonNull(command.vector());
      var acceptedPassages = segment.passagesOf(accept);
      boolean single = segment.passageCount() <= segment.documentCount();
      int wanted =
          Math.min(command.candidates(), (int) Math.min(Integer.MAX_VALUE, result.accepted));
      int k =
          Math.min(segment.passageCount(), single ? wanted : wanted * PASSAGES_PER_DOCUMENT / 2);
      while (true) {
        var passages =
            segment.nearest(query, Math.max(1, k), command.vectorOptions(), acceptedPassages);
        result.vector.clear();
        collapse(segment, passages, result.vector);
        if (passages.size() < k
            || k >= segment.passageCount()
            || isDecided(segment, passages, wanted, result.vector)) {
          return;
        }
        k = (int) Math.min(segment.passageCount(), (long) k * PASSAGES_PER_DOCUMENT);
      }
    }

    /** As for words: equally near documents are told apart by their ids, which a shard follows. */
    private boolean isDecided(
        Segment segment, ScoredPassages passages, int wanted, List<LegHit> hits) {
      return hits.size() >= wanted
          && (segment.isSortedById()
              || wireScore(passages.scores()[passages.size() - 1]) < hits.get(wanted - 1).score());
    }

    private void collapse(Segment segment, ScoredPassages passages, List<LegHit> hits) {
      var seen = new OrdinalBits(segment.documentCount());
      for (int i = 0; i < passages.size(); i++) {
        int passage = passages.ordinals()[i];
        int document = segment.documentOf(passage);
        double score = wireScore(passages.scores()[i]);
        if (command.minimumScore() != null && score < command.minimumScore()) {
          return;
        }
        if (seen.add(document)) {
          hits.add(
              new LegHit(
                  segment.id(document),
                  score,
                  snapshot.partition(),
                  index,
                  document,
                  passage - segment.firstPassage(document)));
        }
      }
    }

    /** Negated squared distances become 1 / (1 + d²), so that every metric's scores read alike. */
    private double wireScore(float score) {
      var query = java.util.Objects.requireNonNull(command.vector());
      return switch (query.metric()) {
        case COSINE, DOT -> score;
        case L2 -> 1 / (1 - (double) score);
      };
    }
  }

  /** A set of ordinals that grows. */
  private static final class OrdinalBits {
    private final long[] words;

    OrdinalBits(int size) {
      words = new long[OrdinalSet.wordsFor(size)];
    }

    boolean add(int ordinal) {
      long bit = 1L << ordinal;
      boolean added = (words[ordinal >>> 6] & bit) == 0;
      words[ordinal >>> 6] |= bit;
      return added;
    }
  }
}
