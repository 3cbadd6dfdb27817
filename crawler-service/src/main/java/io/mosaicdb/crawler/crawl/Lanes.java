package io.mosaicdb.crawler.crawl;

import io.mosaicdb.crawler.frontier.Added;
import io.mosaicdb.crawler.frontier.HostQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which host of a crawl comes next. Hosts that have something waiting and have room for a request
 * stand in line by the time at which they may be asked; a worker takes the first, or sleeps until
 * it is due, or, where nobody stands in line, until somebody does. Nothing is polled.
 *
 * <p>Counts of waiting URLs are hints: the file is asked for the URL itself, and {@link #emptied}
 * corrects them. Thread-safe.
 */
final class Lanes {
  /** Why {@link #take} gave nothing. */
  enum Idle {
    /** Nothing waits and nothing is under way. */
    DRAINED,
    /** The crawl stops, or has more workers than it should. */
    DISMISSED
  }

  /** A turn, or the reason for none. */
  record Turn(@Nullable Lane lane, @Nullable Idle idle) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changes = lock.newCondition();
  private final HostGates gates;
  private final Map<Long, Lane> lanes = new HashMap<>();
  private final TreeSet<Lane> line =
      new TreeSet<>((a, b) -> {
        // nanoTime may overflow, so times are compared by their difference.
        int order = Long.signum(a.due - b.due);
        return order != 0 ? order : Long.compare(a.number, b.number);
      });
  private int connections;
  private int workers;
  private int workersWanted;
  private int underWay;
  private boolean open = true;

  Lanes(HostGates gates, int connections, int workersWanted) {
    this.gates = gates;
    this.connections = connections;
    this.workersWanted = workersWanted;
  }

  /** Takes over what the file says of hosts, in place of all that was known. */
  void load(List<HostQueue> hosts, Instant now) {
    lock.lock();
    try {
      for (var host : hosts) {
        var lane =
            lanes.computeIfAbsent(host.number(), number -> new Lane(number, host.host(), gates));
        lane.queued = host.queued();
        lane.additions++;
        lane.failures = host.failures();
        lane.givenUp = host.givenUp();
        lane.notBefore = System.nanoTime();
        if (host.nextAt().isAfter(now)) {
          lane.rest.atLeast(Duration.between(now, host.nextAt()));
        }
        line(lane);
      }
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** URLs were added to the file. */
  void added(Map<Added.Host, Integer> queued) {
    if (queued.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      queued.forEach((host, urls) -> {
        var lane =
            lanes.computeIfAbsent(host.number(), number -> new Lane(number, host.key(), gates));
        lane.queued += urls;
        lane.additions++;
        lane.notBefore = System.nanoTime();
        line(lane);
      });
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A worker begins. */
  void hired() {
    lock.lock();
    try {
      workers++;
    } finally {
      lock.unlock();
    }
  }

  /** A worker has ended. */
  void gone() {
    lock.lock();
    try {
      workers--;
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many workers are missing. */
  int vacancies() {
    lock.lock();
    try {
      return open ? Math.max(0, workersWanted - workers) : 0;
    } finally {
      lock.unlock();
    }
  }

  void resize(int wanted, int perHost) {
    lock.lock();
    try {
      workersWanted = wanted;
      connections = perHost;
      lanes.values().forEach(this::line);
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next host that may be asked. The turn ends with {@link #leave}. */
  Turn take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        if (!open || workers > workersWanted) {
          return new Turn(null, Idle.DISMISSED);
        }
        var first = line.isEmpty() ? null : line.first();
        if (first == null) {
          if (underWay == 0 && isEmpty()) {
            return new Turn(null, Idle.DRAINED);
          }
          changes.await();
          continue;
        }
        long wait = first.due - System.nanoTime();
        if (wait > 0) {
          var _ = changes.awaitNanos(wait);
          continue;
        }
        remove(first);
        if (first.rest.until() - System.nanoTime() > 0) {
          // Another crawl found that it fails.
          line(first);
          continue;
        }
        long gate = first.gate.tryEnter(connections, () -> freed(first));
        if (gate == 0) {
          first.underWay++;
          underWay++;
          line(first);
          return new Turn(first, null);
        }
        if (gate > 0) {
          line(first);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isEmpty() {
    for (var lane : lanes.values()) {
      if (lane.queued > 0 && lane.givenUp == null) {
        return false;
      }
    }
    return true;
  }

  /** Another crawl's request to the same host has ended. */
  private void freed(Lane lane) {
    lock.lock();
    try {
      line(lane);
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends a turn; the host is left alone for {@code pause}. */
  void leave(Lane lane, Duration pause) {
    lane.gate.leave(pause);
    lock.lock();
    try {
      lane.underWay--;
      line(lane);
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** All that a turn led to has been kept. */
  void settled() {
    lock.lock();
    try {
      underWay--;
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** One URL of the lane was taken. */
  void claimed(Lane lane) {
    lock.lock();
    try {
      lane.queued--;
    } finally {
      lock.unlock();
    }
  }

  long additions(Lane lane) {
    lock.lock();
    try {
      return lane.additions;
    } finally {
      lock.unlock();
    }
  }

  /** The file had nothing for the lane, or nothing before some time. */
  void emptied(Lane lane, long additions, @Nullable Duration nextIn) {
    lock.lock();
    try {
      if (lane.additions != additions) {
        return;
      }
      if (nextIn == null) {
        lane.queued = 0;
      } else {
        lane.queued = Math.max(1, lane.queued);
        lane.notBefore = System.nanoTime() + nextIn.toNanos();
      }
      line(lane);
    } finally {
      lock.unlock();
    }
  }

  /** Notes a failure of the host or its end; the number in a row. */
  int failed(Lane lane) {
    lock.lock();
    try {
      return ++lane.failures;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it had failed before. */
  boolean recovered(Lane lane) {
    lock.lock();
    try {
      boolean had = lane.failures > 0;
      lane.failures = 0;
      return had;
    } finally {
      lock.unlock();
    }
  }

  void giveUp(Lane lane, String reason) {
    lock.lock();
    try {
      lane.givenUp = reason;
      lane.queued = 0;
      remove(lane);
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets every worker go. */
  void close() {
    lock.lock();
    try {
      open = false;
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes workers again after {@link #close}. */
  void reopen() {
    lock.lock();
    try {
      open = true;
      lanes.values().forEach(this::line);
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen() {
    lock.lock();
    try {
      return open;
    } finally {
      lock.unlock();
    }
  }

  int underWay() {
    lock.lock();
    try {
      return underWay;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing is under way. */
  void awaitSettled() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (underWay > 0) {
        changes.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A host as it is shown. */
  record HostView(
      String host,
      int queued,
      int underWay,
      @Nullable Duration nextIn,
      int failures,
      @Nullable String givenUp) {}

  /** Hosts with something to say, the busiest first. */
  List<HostView> view(int most) {
    var views = new ArrayList<HostView>();
    lock.lock();
    try {
      for (var lane : lanes.values()) {
        if (lane.queued > 0 || lane.underWay > 0 || lane.failures > 0 || lane.givenUp != null) {
          long wait = Math.max(later(lane.gate.nextAt(), lane.rest.until()) - System.nanoTime(), 0);
          views.add(
              new HostView(
                  lane.host.toString(),
                  Math.max(0, lane.queued),
                  lane.underWay,
                  lane.queued > 0 ? Duration.ofNanos(wait) : null,
                  lane.failures,
                  lane.givenUp));
        }
      }
    } finally {
      lock.unlock();
    }
    views.sort((a, b) -> Integer.compare(b.queued(), a.queued()));
    return List.copyOf(views.subList(0, Math.min(most, views.size())));
  }

  /** Puts a lane in line where it belongs, or takes it out. */
  private void line(Lane lane) {
    remove(lane);
    if (open && lane.queued > 0 && lane.underWay < connections && lane.givenUp == null) {
      lane.due = later(later(lane.gate.nextAt(), lane.rest.until()), lane.notBefore);
      lane.inLine = true;
      line.add(lane);
    }
  }

  /** Of two times of nanoTime, which may overflow. */
  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }

  private void remove(Lane lane) {
    if (lane.inLine) {
      line.remove(lane);
      lane.inLine = false;
    }
  }
}
