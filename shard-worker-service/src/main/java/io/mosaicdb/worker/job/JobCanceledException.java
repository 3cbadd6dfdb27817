package io.mosaicdb.worker.job;

/** Ends a job as canceled. */
public final class JobCanceledException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public JobCanceledException() {
    super("the job was asked to end", null, false, false);
  }
}
