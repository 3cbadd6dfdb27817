package io.mosaicdb.storage.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** How far the applier is, and who waits for it to come further. Thread-safe. */
final class AppliedProgress {
  private final TreeMap<Long, Set<CompletableFuture<Void>>> waiting = new TreeMap<>();
  private volatile long applied;
  private @Nullable CommitLogException failure;

  AppliedProgress(long applied) {
    this.applied = applied;
  }

  long applied() {
    return applied;
  }

  void advance(long seq) {
    var ready = new ArrayList<CompletableFuture<Void>>();
    synchronized (waiting) {
      applied = seq;
      var reached = waiting.headMap(seq, true);
      reached.values().forEach(ready::addAll);
      reached.clear();
    }
    ready.forEach(future -> future.complete(null));
  }

  void fail(CommitLogException reason) {
    var stranded = new ArrayList<CompletableFuture<Void>>();
    synchronized (waiting) {
      failure = reason;
      waiting.values().forEach(stranded::addAll);
      waiting.clear();
    }
    stranded.forEach(future -> future.completeExceptionally(reason));
  }

  CompletableFuture<Void> await(long seq, Duration timeout) {
    if (seq <= applied) {
      return CompletableFuture.completedFuture(null);
    }
    var future = new CompletableFuture<Void>();
    synchronized (waiting) {
      if (seq <= applied) {
        return CompletableFuture.completedFuture(null);
      }
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      waiting
          .computeIfAbsent(seq, key -> Collections.newSetFromMap(new IdentityHashMap<>()))
          .add(future);
    }
    return future
        .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
        .exceptionallyCompose(reason -> {
          forget(seq, future);
          return CompletableFuture.failedFuture(
              reason instanceof TimeoutException
                  ? new NotAppliedInTimeException(seq, applied, timeout)
                  : reason);
        });
  }

  @SuppressWarnings("CollectionUndefinedEquality") // An identity set: the same future is meant.
  private void forget(long seq, CompletableFuture<Void> future) {
    synchronized (waiting) {
      var same = waiting.get(seq);
      if (same != null) {
        same.remove(future);
        if (same.isEmpty()) {
          waiting.remove(seq);
        }
      }
    }
  }
}
