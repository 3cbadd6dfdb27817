package io.mosaicdb.crawler.crawl;

/** Pages a second over the last {@value #SECONDS} seconds. Thread-safe. */
final class PageRate {
  private static final int SECONDS = 30;

  private final long[] pages = new long[SECONDS];
  private final long[] second = new long[SECONDS];
  private final long startedAt = System.nanoTime();

  synchronized void page() {
    long now = seconds();
    int at = (int) (now % SECONDS);
    if (second[at] != now) {
      second[at] = now;
      pages[at] = 0;
    }
    pages[at]++;
  }

  synchronized double perSecond() {
    long now = seconds();
    long sum = 0;
    for (int i = 0; i < SECONDS; i++) {
      if (now - second[i] < SECONDS) {
        sum += pages[i];
      }
    }
    return (double) sum / Math.clamp(now + 1, 1, SECONDS);
  }

  private long seconds() {
    return (System.nanoTime() - startedAt) / 1_000_000_000L;
  }
}
