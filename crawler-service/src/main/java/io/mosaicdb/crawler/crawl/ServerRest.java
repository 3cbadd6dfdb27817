package io.mosaicdb.crawler.crawl;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Until when a server that failed is left alone, by all crawls. Thread-safe. */
final class ServerRest {
  private final AtomicLong until = new AtomicLong(System.nanoTime());

  /** By {@link System#nanoTime}. */
  long until() {
    return until.get();
  }

  /** From now on for so long, or longer if that was said before. */
  void atLeast(Duration pause) {
    long at = System.nanoTime() + pause.toNanos();
    var _ = until.accumulateAndGet(at, (old, wanted) -> wanted - old > 0 ? wanted : old);
  }
}
