package io.mosaicdb.pagerank.run;

/** A run ends between two pieces of its work, not for a failure of its own. */
final class RunStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RunStoppedException(String reason) {
    super(reason);
  }
}
