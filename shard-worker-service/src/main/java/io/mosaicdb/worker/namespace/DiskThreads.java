package io.mosaicdb.worker.namespace;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A bounded pool of platform threads for what calls SQLite: a native call pins the carrier of a
 * virtual thread, and a few of them would stop every request of the process.
 */
public final class DiskThreads implements AutoCloseable {
  private final ThreadPoolExecutor pool;

  public DiskThreads(String name, int threads, int queue) {
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            Thread.ofPlatform().name(name + "-", 0).daemon().factory());
    pool.allowCoreThreadTimeOut(true);
  }

  /** The pool itself, for tasks that are waited for elsewhere. */
  public ExecutorService executor() {
    return pool;
  }

  /** Runs {@code call} on the pool and waits; a full queue is {@code overloaded}. */
  public <T> T call(Callable<T> call) {
    try {
      return pool.submit(call).get();
    } catch (RejectedExecutionException _) {
      throw overloaded(pool.getQueue().size());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MosaicException(ErrorCode.WORKER_UNAVAILABLE, "the worker is stopping", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  public static MosaicException overloaded(int waiting) {
    return new MosaicException(
        ErrorCode.OVERLOADED,
        waiting + " requests wait for a thread already",
        List.of(),
        Duration.ofSeconds(1),
        null);
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
