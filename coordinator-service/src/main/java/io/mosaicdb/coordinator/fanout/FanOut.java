package io.mosaicdb.coordinator.fanout;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.starter.request.RequestId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs parts of a request side by side on virtual threads, under the request's id. How many run at
 * once is bounded by whoever they call. Safe for use by many threads.
 */
public final class FanOut implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public <T> Future<T> start(Callable<T> task) {
    return threads.submit(RequestId.carry(task));
  }

  /** Runs all tasks; their results in order, or the failure of the first that failed. */
  public <T> List<T> all(List<? extends Callable<T>> tasks) {
    var results = new ArrayList<T>(tasks.size());
    if (tasks.size() == 1) {
      // Nothing runs beside it: another thread would only be waited for.
      results.add(call(tasks.getFirst()));
      return results;
    }
    var futures = new ArrayList<Future<T>>(tasks.size());
    for (var task : tasks) {
      futures.add(start(task));
    }
    try {
      for (var future : futures) {
        results.add(await(future));
      }
      return results;
    } finally {
      // After a failure nobody waits for the rest.
      futures.forEach(future -> future.cancel(true));
    }
  }

  private static <T> T call(Callable<T> task) {
    try {
      return task.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The task's result; what it threw is thrown again as it was. */
  public static <T> T await(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw interrupted(future, e);
    } catch (ExecutionException e) {
      throw asThrown(e);
    }
  }

  /**
   * The task's result within {@code patience}; the task is stopped when it is over.
   *
   * @throws MosaicException {@code deadline_exceeded}
   */
  public static <T> T await(Future<T> future, Duration patience, String what) {
    try {
      return future.get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new MosaicException(
          ErrorCode.DEADLINE_EXCEEDED,
          what + " took longer than the " + patience.toMillis() + " ms that were left",
          e);
    } catch (InterruptedException e) {
      throw interrupted(future, e);
    } catch (ExecutionException e) {
      throw asThrown(e);
    }
  }

  private static MosaicException interrupted(Future<?> future, InterruptedException cause) {
    future.cancel(true);
    return interrupted(cause);
  }

  private static MosaicException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new MosaicException(
        ErrorCode.SERVICE_UNAVAILABLE, "the coordinator is shutting down", cause);
  }

  private static RuntimeException asThrown(ExecutionException e) {
    return switch (e.getCause()) {
      case RuntimeException failure -> failure;
      case Error error -> throw error;
      case null, default -> new IllegalStateException(e.getCause());
    };
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
