package io.mosaicdb.crawler.crawl;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One server's patience, shared by all crawls: how many requests are under way, and from when on
 * the next one may be made. Times are those of {@link System#nanoTime}.
 */
final class HostGate {
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Runnable> waiting = new HashSet<>();
  private int underWay;
  private long nextAt = System.nanoTime();

  /** When the next request may be made, if none is under way. */
  long nextAt() {
    lock.lock();
    try {
      return nextAt;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the turn, if it is there.
   *
   * @param freed called once when a request that stands in the way has ended
   * @return 0: taken; more: nanoseconds until it may be tried again; less: {@code freed} will say
   */
  long tryEnter(int connections, Runnable freed) {
    lock.lock();
    try {
      if (underWay >= connections) {
        waiting.add(freed);
        return -1;
      }
      long wait = nextAt - System.nanoTime();
      if (wait > 0) {
        return wait;
      }
      underWay++;
      return 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a turn. The next request comes {@code pause} from now, or later if that was said before.
   */
  void leave(Duration pause) {
    Set<Runnable> freed;
    lock.lock();
    try {
      underWay--;
      postpone(pause);
      freed = Set.copyOf(waiting);
      waiting.clear();
    } finally {
      lock.unlock();
    }
    freed.forEach(Runnable::run);
  }

  /** Lets nobody in for so long. */
  void postpone(Duration pause) {
    lock.lock();
    try {
      long at = System.nanoTime() + pause.toNanos();
      if (at - nextAt > 0) {
        nextAt = at;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes a turn that does not count as under way, and says how long to sleep until it comes. */
  Duration reserve(Duration pause) {
    lock.lock();
    try {
      long now = System.nanoTime();
      long at = nextAt - now > 0 ? nextAt : now;
      nextAt = at + pause.toNanos();
      return Duration.ofNanos(at - now);
    } finally {
      lock.unlock();
    }
  }
}
