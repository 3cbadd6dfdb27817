package io.mosaicdb.storage.search;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Leads a search through its segments, step by step, so that a segment which holds it up costs that
 * segment.
 *
 * <p>A step has lanes: the segments of a lane are searched one after the other, by one thread of
 * the pool. That is the fast way as long as segments answer in their time, for each need find only
 * what is better than the best before it. The calling thread looks on. Where every thread at work
 * is held up by its segment it sends relief, from a pool of its own, for the segments behind: as
 * many threads as are held up, so that n slow segments are all under way after log n looks. A
 * segment that takes longer than one may is left behind: the step goes on without it, and what it
 * answers later counts for nothing.
 */
final class SegmentRelay {
  /** A segment that takes longer holds its lane up. In its time it takes a millisecond or two. */
  private static final long HELD_UP_NANOS = Duration.ofMillis(25).toNanos();

  private final ExecutorService pool;
  private final ExecutorService relief;
  private final SearchCommand command;
  private final long deadline;
  private final long longestNanos;
  private final long blamedNanos;
  private final List<Step> steps;
  private int current;
  private long stepDeadline;
  private final Set<Running> running = new HashSet<>();
  private boolean begun;
  private int atWork;
  private int sent;
  private boolean over;
  private @Nullable Throwable error;

  /**
   * What is done with each segment.
   *
   * @param lanes the segments, in order
   * @param end done once when all segments are through
   */
  record Step(List<List<SegmentSearch>> lanes, Work work, Runnable end) {}

  interface Work {
    void on(SegmentSearch segment, ScoreFloor words, ScoreFloor vectors);
  }

  /** One segment being worked on, by that thread; told apart by identity. */
  private static final class Running {
    private final SegmentSearch segment;
    private final Thread thread = Thread.currentThread();
    private final long since = System.nanoTime();

    Running(SegmentSearch segment) {
      this.segment = segment;
    }

    void leave(boolean tookTooLong) {
      segment.leave(tookTooLong);
      thread.interrupt();
    }
  }

  private final List<Deque<SegmentSearch>> waiting = new ArrayList<>();
  private final List<Boolean> taken = new ArrayList<>();

  /**
   * @param deadline of the whole search, as {@link System#nanoTime()}
   * @param longest how long one segment may take
   * @param blamed from when on a segment that was left behind is to blame, and not who asked for an
   *     answer in no time
   */
  SegmentRelay(
      ExecutorService pool,
      ExecutorService relief,
      SearchCommand command,
      List<Step> steps,
      long deadline,
      Duration longest,
      Duration blamed) {
    this.pool = pool;
    this.relief = relief;
    this.command = command;
    this.steps = steps;
    this.deadline = deadline;
    this.longestNanos = longest.toNanos();
    this.blamedNanos = blamed.toNanos();
  }

  /**
   * Runs all steps, or as much of them as there is time for.
   *
   * @throws RejectedExecutionException if the pool takes no more work
   */
  void run() throws InterruptedException {
    synchronized (this) {
      begin(0);
    }
    pool.execute(() -> work(false));
    try {
      watch();
    } catch (InterruptedException e) {
      stop();
      throw e;
    }
    if (error instanceof RuntimeException failure) {
      throw failure;
    }
    if (error instanceof Error failure) {
      throw failure;
    }
  }

  private synchronized void watch() throws InterruptedException {
    while (!over) {
      long now = System.nanoTime();
      if (now >= deadline) {
        stop();
        return;
      }
      long pause = Math.min(HELD_UP_NANOS, deadline - now);
      wait(pause / 1_000_000, (int) (pause % 1_000_000));
      if (!over) {
        lookAfter(System.nanoTime());
      }
    }
  }

  /** What is under way goes on for nobody. */
  private synchronized void stop() {
    over = true;
    for (Running each : running) {
      each.leave(System.nanoTime() - each.since >= blamedNanos);
    }
    running.clear();
    notifyAll();
  }

  private void lookAfter(long now) {
    int heldUp = 0;
    for (Running each : List.copyOf(running)) {
      long took = now - each.since;
      if (took >= longestNanos || now >= stepDeadline) {
        each.leave(took >= blamedNanos);
        running.remove(each);
        atWork--;
        heldUp++;
      } else if (took >= HELD_UP_NANOS) {
        heldUp++;
      }
    }
    if (sent > 0 || !begun || atWork > heldUp) {
      return;
    }
    // Somebody must go on where all were left behind.
    int least = atWork == 0 ? 1 : 0;
    int useful = Math.max(least, waiting.stream().mapToInt(Deque::size).sum());
    for (int i = 0; i < Math.min(useful, Math.max(least, heldUp)); i++) {
      try {
        relief.execute(() -> work(true));
        sent++;
      } catch (RejectedExecutionException _) {
        // All of them are held up elsewhere: the next look tries again.
        return;
      }
    }
  }

  private void begin(int step) {
    current = step;
    waiting.clear();
    taken.clear();
    long now = System.nanoTime();
    // Something must be left for the steps behind.
    stepDeadline = step + 1 < steps.size() ? now + (deadline - now) / 2 : deadline;
    for (List<SegmentSearch> lane : steps.get(step).lanes()) {
      waiting.add(new ArrayDeque<>(lane.stream().filter(each -> !each.isLeft()).toList()));
      taken.add(false);
    }
  }

  private void work(boolean asRelief) {
    synchronized (this) {
      atWork++;
      begun = true;
      if (asRelief) {
        sent--;
      }
    }
    Running mine = null;
    boolean counted = true;
    int lane = -1;
    int step = -1;
    var words = floor(0);
    var vectors = floor(Float.NEGATIVE_INFINITY);
    try {
      while (true) {
        Work doing;
        synchronized (this) {
          if (!advance()) {
            return;
          }
          if (step != current || lane < 0 || waiting.get(lane).isEmpty()) {
            int next = lane(step == current ? lane : -1, asRelief);
            if (next < 0) {
              return;
            }
            if (step != current || next != lane) {
              words = floor(0);
              vectors = floor(Float.NEGATIVE_INFINITY);
            }
            lane = next;
            step = current;
          }
          mine = new Running(waiting.get(lane).removeFirst());
          running.add(mine);
          doing = steps.get(step).work();
        }
        doing.on(mine.segment, words, vectors);
        synchronized (this) {
          if (!running.remove(mine)) {
            counted = false;
            return;
          }
          mine = null;
        }
      }
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        if (mine != null && !running.remove(mine)) {
          counted = false;
        } else {
          error = e;
          stop();
        }
      }
    } finally {
      synchronized (this) {
        if (counted) {
          atWork--;
        } else {
          // Left behind with its segment; the thread's next work is another search's.
          var _ = Thread.interrupted();
        }
      }
    }
  }

  private ScoreFloor floor(float none) {
    return new ScoreFloor(command.candidates(), none);
  }

  /**
   * Goes to the next step when the last segment of this one is through.
   *
   * @return whether there is anything left
   */
  private boolean advance() {
    while (!over && running.isEmpty() && waiting.stream().allMatch(Deque::isEmpty)) {
      steps.get(current).end().run();
      if (current + 1 == steps.size()) {
        over = true;
        notifyAll();
      } else {
        begin(current + 1);
        callHands();
      }
    }
    return !over && System.nanoTime() < deadline;
  }

  /** A thread for each lane but the one that is here. */
  private void callHands() {
    for (int i = 1; i < waiting.size(); i++) {
      try {
        pool.execute(() -> work(false));
      } catch (RejectedExecutionException _) {
        // Whoever is through with a lane takes the next.
        return;
      }
    }
  }

  /** A lane that nobody has; as relief any with something in it. -1: none. */
  private int lane(int own, boolean asRelief) {
    for (int i = 0; i < waiting.size(); i++) {
      if (!taken.get(i) && !waiting.get(i).isEmpty()) {
        taken.set(i, true);
        return i;
      }
    }
    for (int i = 0; asRelief && i < waiting.size(); i++) {
      if (i != own && !waiting.get(i).isEmpty()) {
        return i;
      }
    }
    return -1;
  }
}
