package io.mosaicdb.crawler.crawl;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The latest events of a crawl, for whoever listens now or comes back soon. Thread-safe. */
public final class CrawlEvents {
  static final int KEPT = 5_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition happened = lock.newCondition();
  private final ArrayDeque<CrawlEvent> latest = new ArrayDeque<>();
  private final Clock clock;
  private long last;
  private boolean closed;

  CrawlEvents(Clock clock) {
    this.clock = clock;
  }

  void add(String type, Map<String, Object> data) {
    lock.lock();
    try {
      latest.addLast(new CrawlEvent(++last, type, clock.instant(), data));
      if (latest.size() > KEPT) {
        latest.removeFirst();
      }
      happened.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The id of the oldest event that is kept, or of the next one where none is. */
  public long oldest() {
    lock.lock();
    try {
      return latest.isEmpty() ? last + 1 : latest.getFirst().id();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for events after {@code id}; empty when none came in time, or none will. */
  public List<CrawlEvent> await(long id, Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = patience.toNanos();
      while (last <= id && !closed && left > 0) {
        left = happened.awaitNanos(left);
      }
      return latest.stream().filter(event -> event.id() > id).toList();
    } finally {
      lock.unlock();
    }
  }

  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      happened.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
