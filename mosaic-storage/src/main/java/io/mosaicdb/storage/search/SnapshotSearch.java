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
    run(tasks, command, deadline);
    return merge(tasks, reports, command);
  }

  /**
   * A small search is one piece of work. A large one is dealt out to several threads, which depends
   * on the segments only, so that the same search always finds the same.
   */
  private void run(List<SegmentTask> tasks, SearchCommand command, long deadline)
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
      var members = new ArrayList<SegmentTask>();
      for (int i = group; i < tasks.size(); i += groups) {
        members.add(tasks.get(i));
      }
      running.add(pool.submit(() -> searchOneByOne(members, command, deadline)));
    }
    await(running, deadline);
  }

  private static void gatherStatistics(List<SegmentTask> tasks, SearchCommand command) {
    if (command.text() == null) {
      return;
    }
    var sum = CollectionStatistics.NONE;
    for (SegmentTask task : tasks) {
      sum = sum.merge(task.statistics());
    }
    for (SegmentTask task : tasks) {
      task.statistics = sum;
    }
  }

  /** Each segment need find only what is better than the best of those before it. */
  private static void searchOneByOne(
      List<SegmentTask> tasks, SearchCommand command, long deadline) {
    var words = new ScoreFloor(command.candidates(), 0);
    var vectors = new ScoreFloor(command.candidates(), Float.NEGATIVE_INFINITY);
    for (SegmentTask task : tasks) {
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
      List<SegmentTask> tasks, List<SegmentReport> reports, SearchCommand command) {
    var text = new ArrayList<LegHit>();
    var vector = new ArrayList<LegHit>();
    long total = 0;
    boolean exact = true;
    double filterMs = 0;
    double textMs = 0;
    double vectorMs = 0;
    for (SegmentTask task : tasks) {
      var found = task.found;
      reports.add(task.report(found));
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

  /**
   * The search of one segment. What it found is published by one volatile write, so that who stops
   * waiting sees all of it or nothing.
   */
  private static final class SegmentTask {
    private final PartitionSnapshot snapshot;
    private final int index;
    private final SearchCommand command;
    private final SegmentView view;
    private CollectionStatistics statistics = CollectionStatistics.NONE;
    private volatile @Nullable String failure;
    private volatile @Nullable Found found;

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
        failure = String.valueOf(e.getMessage());
        return CollectionStatistics.NONE;
      }
    }

    void run(ScoreFloor words, ScoreFloor vectors) {
      if (failure != null) {
        return;
      }
      try {
        found = find(words, vectors);
      } catch (SegmentReadException | TextIndexReadException e) {
        failure = String.valueOf(e.getMessage());
      }
    }

    SegmentReport report(@Nullable Found result) {
      var segment = view.segment();
      var name = segment.shardId().orElse("live");
      long documents = segment.documentCount();
      if (result != null) {
        return new SegmentReport(
            snapshot.partition(), name, State.SEARCHED, documents, result.accepted, "");
      }
      var why = failure;
      return why != null
          ? new SegmentReport(snapshot.partition(), name, State.FAILED, documents, -1, why)
          : new SegmentReport(
              snapshot.partition(),
              name,
              State.TIMED_OUT,
              documents,
              -1,
              "no answer within " + command.timeout().toMillis() + " ms");
    }

    private Found find(ScoreFloor words, ScoreFloor vectors) {
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
        findWords(segment, accept, words, result);
      } else {
        result.total = result.accepted;
      }
      long worded = System.nanoTime();
      result.textNanos = worded - filtered;
      if (command.vector() != null && segment.passageCount() > 0) {
        findVectors(segment, accept, vectors, result);
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

    private void findWords(
        Segment segment, @Nullable OrdinalSet accept, ScoreFloor floor, Found result) {
      ScoredDocuments scored = bestByWords(segment, accept, floor.value());
      floor.add(scored.scores(), scored.size());
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
    private ScoredDocuments bestByWords(Segment segment, @Nullable OrdinalSet accept, float floor) {
      var query = java.util.Objects.requireNonNull(command.text());
      int k = command.candidates();
      if (segment.isSortedById()) {
        return segment.text().search(query, statistics, k, accept, floor);
      }
      int wanted = k;
      while (true) {
        wanted = (int) Math.min(segment.documentCount(), wanted + 1L);
        var scored = segment.text().search(query, statistics, wanted, accept, floor);
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
    private void findVectors(
        Segment segment, @Nullable OrdinalSet accept, ScoreFloor floor, Found result) {
      var query = java.util.Objects.requireNonNull(command.vector());
      var acceptedPassages = segment.passagesOf(accept);
      boolean single = segment.passageCount() <= segment.documentCount();
      int wanted =
          Math.min(command.candidates(), (int) Math.min(Integer.MAX_VALUE, result.accepted));
      int k =
          Math.min(segment.passageCount(), single ? wanted : wanted * PASSAGES_PER_DOCUMENT / 2);
      while (true) {
        var passages =
            segment.nearest(
                query, Math.max(1, k), command.vectorOptions(), acceptedPassages, floor.value());
        result.vector.clear();
        var scores = collapse(segment, passages, result.vector);
        if (passages.size() < k
            || k >= segment.passageCount()
            || isDecided(segment, passages, wanted, result.vector)) {
          floor.add(scores, result.vector.size());
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

    /** Adds the documents of the passages to {@code hits}; returns their scores by the metric. */
    private float[] collapse(Segment segment, ScoredPassages passages, List<LegHit> hits) {
      var scores = new float[passages.size()];
      var seen = new OrdinalBits(segment.documentCount());
      for (int i = 0; i < passages.size(); i++) {
        int passage = passages.ordinals()[i];
        int document = segment.documentOf(passage);
        double score = wireScore(passages.scores()[i]);
        if (command.minimumScore() != null && score < command.minimumScore()) {
          break;
        }
        if (seen.add(document)) {
          scores[hits.size()] = passages.scores()[i];
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
      return scores;
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
