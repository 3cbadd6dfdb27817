package io.mosaicdb.coordinator.task;

/** Ends a task as canceled. */
public final class TaskCanceledException extends RuntimeException {
  public TaskCanceledException() {
    super("the task was canceled", null, false, false);
  }
}
