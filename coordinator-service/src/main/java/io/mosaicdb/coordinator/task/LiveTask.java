package io.mosaicdb.coordinator.task;

import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A task that waits or runs in this process. */
final class LiveTask implements TaskRun {
  private static final long BETWEEN_NOTES = 1_000_000_000L;

  private final TaskRow created;
  private final Supplier<TaskWork> work;
  private final Consumer<LiveTask> note;
  private TaskState state = TaskState.ENQUEUED;
  private long done;
  private long total;
  private boolean cancelRequested;
  private @Nullable Instant startedAt;
  private long noted = System.nanoTime();

  /**
   * @param work made when it begins to run, so that what waits takes no memory
   * @param note called now and then when there is progress
   */
  LiveTask(TaskRow created, Supplier<TaskWork> work, Consumer<LiveTask> note) {
    this.created = created;
    this.work = work;
    this.note = note;
    this.done = created.done();
    this.total = created.total();
    this.startedAt = created.startedAt();
  }

  @Override
  public String id() {
    return created.id();
  }

  String kind() {
    return created.kind();
  }

  long inputBytes() {
    return created.inputBytes() == null ? 0 : created.inputBytes();
  }

  boolean resumable() {
    return created.inputBytes() != null;
  }

  TaskWork work() {
    return work.get();
  }

  @Override
  public boolean resumed() {
    return created.starts() > 0;
  }

  @Override
  public void total(long units) {
    boolean due;
    synchronized (this) {
      total = units;
      due = noteIsDue();
    }
    if (due) {
      note.accept(this);
    }
  }

  @Override
  public void done(long units) {
    boolean due;
    synchronized (this) {
      done = units;
      due = noteIsDue();
    }
    if (due) {
      note.accept(this);
    }
  }

  private boolean noteIsDue() {
    long now = System.nanoTime();
    if (now - noted < BETWEEN_NOTES) {
      return false;
    }
    noted = now;
    return true;
  }

  @Override
  public synchronized boolean cancelRequested() {
    return cancelRequested;
  }

  /** Asks it to stop; whether it was waiting, so that nobody else will end it. */
  synchronized boolean cancel() {
    cancelRequested = true;
    if (state == TaskState.ENQUEUED) {
      state = TaskState.CANCELED;
      return true;
    }
    return false;
  }

  /** Whether it was still waiting. */
  synchronized boolean begin(Instant at) {
    if (state != TaskState.ENQUEUED) {
      return false;
    }
    state = TaskState.RUNNING;
    startedAt = at;
    done = 0;
    return true;
  }

  synchronized TaskRow row() {
    return new TaskRow(
        created.id(),
        created.kind(),
        state,
        done,
        total,
        created.unit(),
        created.starts(),
        created.inputBytes(),
        null,
        null,
        created.createdAt(),
        startedAt,
        null);
  }
}
