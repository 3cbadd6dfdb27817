package io.mosaicdb.crawler.crawl;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many pages and bytes a run may still fetch. Whoever is about to fetch reserves a page; with
 * the last one reserved others wait, since a fetch may bring no page. Thread-safe.
 */
final class Budget {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changes = lock.newCondition();
  private final long mostPages;
  private final long mostBytes;
  private long pages;
  private long bytes;
  private long reserved;

  Budget(long mostPages, long mostBytes, long pages, long bytes) {
    this.mostPages = mostPages;
    this.mostBytes = mostBytes;
    this.pages = pages;
    this.bytes = bytes;
  }

  /** Whether a page may be fetched; waits while that depends on others. */
  boolean reserve() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (pages < mostPages && bytes < mostBytes && pages + reserved >= mostPages) {
        changes.await();
      }
      if (pages >= mostPages || bytes >= mostBytes) {
        return false;
      }
      reserved++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void used(long size) {
    lock.lock();
    try {
      reserved--;
      pages++;
      bytes += size;
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void unused() {
    lock.lock();
    try {
      reserved--;
      changes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  long pages() {
    lock.lock();
    try {
      return pages;
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Which of the two ran out, in one word. */
  String exhausted() {
    lock.lock();
    try {
      return pages >= mostPages ? "pages_budget" : "bytes_budget";
    } finally {
      lock.unlock();
    }
  }
}
