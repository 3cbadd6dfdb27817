package io.mosaicdb.coordinator.task;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.error.Problem;
import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.contract.task.TaskBody.TaskList;
import io.mosaicdb.starter.problem.FailureTranslator;
import io.mosaicdb.starter.request.RequestId;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs tasks, a few of each kind at a time, and remembers them over a restart. A change of state is
 * on disk before anybody can see it. Thread-safe.
 */
public final class Tasks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Tasks.class);
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);
  private static final int FINISHES_BETWEEN_RETENTION = 64;

  private final TaskProperties limits;
  private final TaskStore store;
  private final Supplier<List<TaskKind>> kinds;
  private final JsonMapper mapper;
  private final TaskMetrics metrics;
  private final Clock clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Semaphore> running = new ConcurrentHashMap<>();
  // Guards itself and all below; what was created first stands first.
  private final Map<String, LiveTask> unfinished = new LinkedHashMap<>();
  private long inputBytes;
  private int atWork;
  private int finishes;
  private boolean closing;

  /**
   * @param kinds asked when a task of a kind starts, so that a kind may itself start tasks
   */
  Tasks(
      TaskProperties limits,
      Supplier<List<TaskKind>> kinds,
      JsonMapper mapper,
      TaskMetrics metrics,
      Clock clock) {
    this.limits = limits;
    this.kinds = kinds;
    this.mapper = mapper;
    this.metrics = metrics;
    this.clock = clock;
    this.store = new TaskStore(limits.folder().resolve("tasks.db"));
    metrics.unfinished(this::unfinishedTasks);
  }

  /**
   * Starts work that ends with the process, and returns the task as it is now.
   *
   * @param total how many units it has, 0 if that is not known yet
   * @throws MosaicException {@code overloaded} if too many tasks are unfinished
   */
  public TaskBody start(String kind, long total, String unit, TaskWork work) {
    return accept(kind, null, total, unit, work);
  }

  /**
   * Starts work that goes on after a restart; {@code input} is on disk when this returns.
   *
   * @throws MosaicException {@code overloaded} if too many tasks are unfinished, or their inputs
   *     are too large together
   */
  public TaskBody start(TaskKind kind, byte[] input, long total, String unit) {
    return accept(kind.name(), input, total, unit, null);
  }

  private TaskBody accept(
      String kind, byte @Nullable [] input, long total, String unit, @Nullable TaskWork work) {
    var row =
        new TaskRow(
            UUID.randomUUID().toString(),
            kind,
            TaskState.ENQUEUED,
            0,
            total,
            unit,
            0,
            input == null ? null : input.length,
            null,
            null,
            clock.instant(),
            null,
            null);
    var task = live(row, work);
    synchronized (unfinished) {
      requireRoomFor(task);
      unfinished.put(task.id(), task);
      inputBytes += task.inputBytes();
    }
    try {
      store.insert(row, input);
    } catch (RuntimeException e) {
      forget(task);
      throw e;
    }
    threads.execute(RequestId.carry(() -> run(task)));
    return body(row, false);
  }

  private LiveTask live(TaskRow row, @Nullable TaskWork work) {
    return new LiveTask(
        row,
        () -> work == null ? workOf(row) : work,
        task -> {
          var now = task.row();
          store.progressed(now.id(), now.done(), now.total());
        });
  }

  private TaskWork workOf(TaskRow row) {
    for (var kind : kinds.get()) {
      if (kind.name().equals(row.kind())) {
        return kind.work(
            store
                .findInput(row.id())
                .orElseThrow(
                    () -> new IllegalStateException("task " + row.id() + " has no input")));
      }
    }
    throw new MosaicException(
        ErrorCode.NOT_IMPLEMENTED, "this build has no tasks of kind '" + row.kind() + "'");
  }

  private void requireRoomFor(LiveTask task) {
    if (closing) {
      throw new MosaicException(ErrorCode.SERVICE_UNAVAILABLE, "the coordinator is shutting down");
    }
    if (unfinished.size() >= limits.unfinished()) {
      throw overloaded(unfinished.size() + " tasks are unfinished already, which is the most");
    }
    if (inputBytes > 0 && inputBytes + task.inputBytes() > limits.unfinishedSize().toBytes()) {
      throw overloaded(
          "the inputs of unfinished tasks take %d bytes already; %d more would pass the bound of %d"
              .formatted(inputBytes, task.inputBytes(), limits.unfinishedSize().toBytes()));
    }
  }

  private static MosaicException overloaded(String detail) {
    return new MosaicException(
        ErrorCode.OVERLOADED, detail, List.of(), Duration.ofSeconds(5), null);
  }

  /**
   * Takes up what an earlier process left: work with an input is run again, other work has failed.
   * To be called once, before any task is started.
   */
  void resume() {
    var left = store.unfinished();
    for (var row : left) {
      if (row.inputBytes() == null) {
        end(row, "the process ended while the task was " + row.state().wireName());
      } else if (row.starts() >= limits.starts()) {
        end(row, "it was started " + row.starts() + " times, and the process ended each time");
      } else {
        var task = live(row, null);
        synchronized (unfinished) {
          unfinished.put(task.id(), task);
          inputBytes += task.inputBytes();
        }
        threads.execute(() -> run(task));
      }
    }
    if (!left.isEmpty()) {
      log.info("tasks_taken_up count={}", left.size());
    }
    retain();
  }

  private void end(TaskRow row, String reason) {
    finish(
        row,
        TaskState.FAILED,
        null,
        new MosaicException(ErrorCode.SERVICE_UNAVAILABLE, reason + "; what it had done stands"));
  }

  private void run(LiveTask task) {
    var permits = running.computeIfAbsent(task.kind(), _ -> new Semaphore(limits.atOnce(), true));
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      // The process stops; the task stays on disk as it is.
      Thread.currentThread().interrupt();
      return;
    }
    try {
      synchronized (unfinished) {
        if (closing || !task.begin(clock.instant())) {
          return;
        }
        atWork++;
      }
      try {
        work(task);
      } catch (RuntimeException e) {
        log.error("task_end_not_recorded id={} kind={}", task.id(), task.kind(), e);
      } finally {
        synchronized (unfinished) {
          atWork--;
          unfinished.notifyAll();
        }
      }
    } finally {
      permits.release();
    }
  }

  private void work(LiveTask task) {
    try {
      store.started(task.id(), clock.instant());
      var result = task.work().run(task);
      // What is done is done, although the process may be stopping.
      var _ = Thread.interrupted();
      finish(task.row(), TaskState.SUCCEEDED, result, null);
    } catch (TaskCanceledException e) {
      finish(task.row(), TaskState.CANCELED, null, null);
    } catch (Exception e) {
      // The outer edge of the task: whatever happened is its result.
      if (stopped(e)) {
        if (!task.resumable()) {
          end(task.row(), "the process was stopped while the task was running");
        }
        return;
      }
      finish(task.row(), TaskState.FAILED, null, FailureTranslator.translate(e));
    }
    forget(task);
  }

  private boolean stopped(Exception failure) {
    synchronized (unfinished) {
      return closing && (failure instanceof InterruptedException || Thread.interrupted());
    }
  }

  private void finish(
      TaskRow row, TaskState state, @Nullable Object result, @Nullable MosaicException failure) {
    boolean whole = state == TaskState.SUCCEEDED;
    long total = whole && row.total() == 0 ? row.done() : row.total();
    var error =
        failure == null
            ? null
            : Problem.of(failure, "/v1/tasks/" + row.id(), RequestId.currentOrNew());
    store.finished(
        row.id(),
        state,
        whole ? total : row.done(),
        total,
        result == null ? null : mapper.writeValueAsString(result),
        error == null ? null : mapper.writeValueAsString(error),
        clock.instant());
    metrics.finished(row.kind(), state);
    boolean due;
    synchronized (unfinished) {
      due = ++finishes % FINISHES_BETWEEN_RETENTION == 0;
    }
    if (due) {
      retain();
    }
  }

  private void retain() {
    store.retain(limits.kept(), limits.keptSize().toBytes(), limits.keptFor(), clock.instant());
  }

  private void forget(LiveTask task) {
    synchronized (unfinished) {
      if (unfinished.remove(task.id()) != null) {
        inputBytes = Math.max(0, inputBytes - task.inputBytes());
      }
    }
  }

  /** The task; an unknown one is {@code not_found}. */
  public TaskBody require(String id) {
    var live = find(id);
    if (live != null) {
      return body(live.row(), live.cancelRequested());
    }
    return body(stored(id), false);
  }

  /** Whether the task is one of ours, running or remembered. */
  boolean knows(String id) {
    return find(id) != null || store.find(id).isPresent();
  }

  private TaskRow stored(String id) {
    return store
        .find(id)
        .orElseThrow(() ->
            new MosaicException(
                ErrorCode.NOT_FOUND,
                "there is no task '%s'; finished ones are kept for %s, at most %d of them"
                    .formatted(id, limits.keptFor(), limits.kept())));
  }

  /** The newest first. */
  TaskList list(@Nullable TaskState state, @Nullable String kind, int limit) {
    var bodies =
        store.list(state, kind, limit).stream()
            .map(row -> {
              var live = find(row.id());
              return live == null || live.row().state() != row.state()
                  ? body(row, false)
                  : body(live.row(), live.cancelRequested());
            })
            .toList();
    return TaskList.of(bodies);
  }

  /**
   * Asks a task to stop. One that waits is canceled at once, one that runs at its next safe point,
   * if it has one left.
   *
   * @throws MosaicException {@code not_found}; {@code task_finished} if it has ended already
   */
  public TaskBody cancel(String id) {
    var live = find(id);
    if (live == null) {
      var row = stored(id);
      throw new MosaicException(
          ErrorCode.TASK_FINISHED,
          "task '%s' has %s already"
              .formatted(
                  id,
                  row.state() == TaskState.CANCELED ? "been canceled" : row.state().wireName()));
    }
    if (live.cancel()) {
      finish(live.row(), TaskState.CANCELED, null, null);
      forget(live);
    }
    return require(id);
  }

  private @Nullable LiveTask find(String id) {
    synchronized (unfinished) {
      return unfinished.get(id);
    }
  }

  private int unfinishedTasks() {
    synchronized (unfinished) {
      return unfinished.size();
    }
  }

  private TaskBody body(TaskRow row, boolean cancelRequested) {
    return new TaskBody(
        row.id(),
        row.kind(),
        row.state().wireName(),
        new TaskBody.ProgressBody(row.done(), row.total(), row.unit()),
        cancelRequested || row.state() == TaskState.CANCELED,
        row.result() == null ? null : mapper.readTree(row.result()),
        row.error() == null ? null : mapper.readValue(row.error(), Problem.class),
        row.createdAt(),
        row.startedAt(),
        row.finishedAt());
  }

  /**
   * Takes no more tasks, waits a while for those at work, and stops them. What can be resumed is
   * left for the next start.
   */
  void drain() {
    long until = System.nanoTime() + limits.stopPatience().toNanos();
    synchronized (unfinished) {
      closing = true;
      try {
        for (long left = until - System.nanoTime();
            atWork > 0 && left > 0;
            left = until - System.nanoTime()) {
          TimeUnit.NANOSECONDS.timedWait(unfinished, left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(AFTER_INTERRUPT.toSeconds(), TimeUnit.SECONDS)) {
        log.warn("tasks_left_running");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    drain();
    store.close();
  }

  /** What happened to the file that keeps tasks, in words. */
  List<String> incidents() {
    return store.incidents();
  }
}
