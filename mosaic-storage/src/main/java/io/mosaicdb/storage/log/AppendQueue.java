package io.mosaicdb.storage.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What waits for the writer thread, bounded by entries and by bytes. */
final class AppendQueue {
  /** Something for the writer thread to do. */
  sealed interface Work {}

  /** An entry to write. */
  record Write(Append append, String commitId, Appended appended) implements Work {
    long bytes() {
      return append.payload().length;
    }

    void fail(CommitLogException reason) {
      appended.durable().completeExceptionally(reason);
      appended.visible().completeExceptionally(reason);
    }
  }

  /** Something that must not run beside a write. */
  record Task(Runnable action, CompletableFuture<Void> done) implements Work {}

  private final int maximumEntries;
  private final long maximumBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Work> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean closed;

  AppendQueue(int maximumEntries, long maximumBytes) {
    this.maximumEntries = maximumEntries;
    this.maximumBytes = maximumBytes;
  }

  /** Takes the entry or says why not. An empty queue takes any entry. */
  void offer(Write write) {
    lock.lock();
    try {
      if (closed) {
        throw new LogFailedException("the commit log is closed", null);
      }
      boolean full =
          waiting.size() >= maximumEntries || waitingBytes + write.bytes() > maximumBytes;
      if (full && !waiting.isEmpty()) {
        throw new LogOverloadedException(
            waiting.size(), maximumEntries, waitingBytes, maximumBytes);
      }
      waiting.add(write);
      waitingBytes += write.bytes();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void submit(Task task) {
    lock.lock();
    try {
      if (closed) {
        throw new LogFailedException("the commit log is closed", null);
      }
      waiting.add(task);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for work: a task alone, or the entries that go into one transaction. Empty once the queue
   * is closed and drained.
   */
  List<Work> take(int entries, long bytes) throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        changed.await();
      }
      var group = new ArrayList<Work>();
      long groupBytes = 0;
      while (group.size() < entries) {
        var next = waiting.peek();
        if (next instanceof Task && group.isEmpty()) {
          group.add(waiting.remove());
          return group;
        }
        if (!(next instanceof Write write)
            || (!group.isEmpty() && groupBytes + write.bytes() > bytes)) {
          return group;
        }
        waiting.remove();
        group.add(write);
        groupBytes += write.bytes();
        waitingBytes -= write.bytes();
      }
      return group;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
