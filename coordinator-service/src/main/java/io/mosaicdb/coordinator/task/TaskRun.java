package io.mosaicdb.coordinator.task;

/** A task as its work sees it. Thread-safe. */
public interface TaskRun {
  String id();

  /** Whether the process died, or was stopped, during an earlier run of the same task. */
  boolean resumed();

  /** Says how many units there are, where that was not known before. */
  void total(long units);

  /** Says how many units are done by now. Cheap. */
  void done(long units);

  boolean cancelRequested();

  /**
   * For safe points: what was done so far may stay as it is.
   *
   * @throws TaskCanceledException if somebody asked for it
   */
  default void stopIfCanceled() {
    if (cancelRequested()) {
      throw new TaskCanceledException();
    }
  }
}
