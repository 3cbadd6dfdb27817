package io.mosaicdb.coordinator.task;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.error.Problem;
import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.starter.problem.FailureTranslator;
import io.mosaicdb.starter.request.RequestId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Runs tasks, a few at a time, and remembers the last thousands of them. Thread-safe. */
@Component
public class Tasks implements AutoCloseable {
  static final int AT_ONCE = 4;
  static final int UNFINISHED = 1_000;
  private static final int REMEMBERED = 10_000;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore running = new Semaphore(AT_ONCE);
  private final Map<String, TaskBody> tasks = new HashMap<>();
  private final Deque<String> finished = new ArrayDeque<>();

  /**
   * Starts {@code work} and returns the task as it is now.
   *
   * @param total how many units it has, for the progress
   * @throws MosaicException {@code overloaded} if too many tasks are unfinished
   */
  public TaskBody start(String kind, long total, String unit, Callable<?> work) {
    var id = UUID.randomUUID().toString();
    var task = new TaskBody(id, kind, "enqueued", progress(0, total, unit), null, null);
    synchronized (tasks) {
      if (tasks.size() - finished.size() >= UNFINISHED) {
        throw new MosaicException(
            ErrorCode.OVERLOADED,
            UNFINISHED + " tasks are unfinished already",
            List.of(),
            Duration.ofSeconds(5),
            null);
      }
      tasks.put(id, task);
    }
    threads.execute(RequestId.carry(() -> run(task, work)));
    return task;
  }

  private void run(TaskBody task, Callable<?> work) {
    running.acquireUninterruptibly();
    try {
      put(task, "running", false, null, null);
      var result = work.call();
      put(task, "succeeded", true, result, null);
    } catch (Exception e) {
      // The outer edge of the task: whatever happened is its result.
      var failure = FailureTranslator.translate(e);
      put(
          task,
          "failed",
          false,
          null,
          Problem.of(failure, "/v1/tasks/" + task.id(), RequestId.currentOrNew()));
    } finally {
      running.release();
    }
  }

  private void put(
      TaskBody task, String state, boolean done, @Nullable Object result, @Nullable Problem error) {
    var total = task.progress().total();
    var changed =
        new TaskBody(
            task.id(),
            task.kind(),
            state,
            progress(done ? total : 0, total, task.progress().unit()),
            result,
            error);
    synchronized (tasks) {
      tasks.put(task.id(), changed);
      if (!state.equals("running")) {
        finished.addLast(task.id());
        while (finished.size() > REMEMBERED) {
          tasks.remove(finished.removeFirst());
        }
      }
    }
  }

  private static TaskBody.ProgressBody progress(long done, long total, String unit) {
    return new TaskBody.ProgressBody(done, total, unit);
  }

  /** The task; an unknown one is {@code not_found}. */
  TaskBody require(String id) {
    synchronized (tasks) {
      var task = tasks.get(id);
      if (task == null) {
        throw new MosaicException(
            ErrorCode.NOT_FOUND,
            "there is no task '" + id + "'; the last " + REMEMBERED + " are kept, until a restart");
      }
      return task;
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
