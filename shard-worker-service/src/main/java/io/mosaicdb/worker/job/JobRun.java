package io.mosaicdb.worker.job;

/** A job as its work sees it. Thread-safe. */
public interface JobRun {
  /** Says how far it is. Cheap. */
  void progress(long done, long total);

  /** Whether somebody asked it to end, or the process stops. */
  boolean stopRequested();

  /**
   * For safe points.
   *
   * @throws JobCanceledException if it was asked to end
   */
  default void stopIfRequested() {
    if (stopRequested()) {
      throw new JobCanceledException();
    }
  }
}
