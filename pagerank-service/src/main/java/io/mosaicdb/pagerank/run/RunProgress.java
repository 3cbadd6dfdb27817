package io.mosaicdb.pagerank.run;

/** Told how far a run is; its checks end the run where it should not go on. */
interface RunProgress {
  /** The next phase begins, from its start. */
  void enter(Phase phase);

  /** {@code total}: 0 while it is not known. */
  void at(long done, long total);

  void residual(double residual);

  /**
   * @throws RunStoppedException if the run was canceled, or the process stops
   */
  void check();
}
