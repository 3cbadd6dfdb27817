package io.mosaicdb.pagerank.run;

import io.mosaicdb.contract.error.Problem;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One computation as others see it. Thread-safe. */
final class Run implements RunProgress {
  private final String id;
  private final RunRequest request;
  private final Instant createdAt;
  private volatile RunState state;
  private volatile boolean cancelRequested;
  private volatile boolean stopping;
  private volatile Phase phase = Phase.WAITING;
  private volatile RunBody.ProgressBody progress =
      new RunBody.ProgressBody(0, 0, Phase.WAITING.unit());
  private volatile int iteration;
  private volatile @Nullable Double residual;
  private volatile @Nullable Report report;
  private volatile @Nullable Problem error;
  private volatile @Nullable Instant startedAt;
  private volatile @Nullable Instant finishedAt;

  Run(String id, RunRequest request, RunState state, Instant createdAt) {
    this.id = id;
    this.request = request;
    this.state = state;
    this.createdAt = createdAt;
  }

  /** As it was stored. */
  static Run restored(Stored stored) {
    var run = new Run(stored.id(), stored.request(), stored.state(), stored.createdAt());
    run.cancelRequested = stored.cancelRequested();
    run.report = stored.report();
    run.error = stored.error();
    run.startedAt = stored.startedAt();
    run.finishedAt = stored.finishedAt();
    if (stored.report() != null) {
      run.phase = Phase.PUBLISHING;
      run.iteration = stored.report().iterations();
      run.residual = stored.report().residual();
      run.progress =
          new RunBody.ProgressBody(
              stored.report().ranked(), stored.report().ranked(), Phase.PUBLISHING.unit());
    }
    return run;
  }

  /** What lasts of a run. */
  record Stored(
      String id,
      RunRequest request,
      RunState state,
      boolean cancelRequested,
      @Nullable Report report,
      @Nullable Problem error,
      Instant createdAt,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt) {}

  Stored stored() {
    return new Stored(
        id, request, state, cancelRequested, report, error, createdAt, startedAt, finishedAt);
  }

  @Override
  public void enter(Phase next) {
    phase = next;
    progress = new RunBody.ProgressBody(0, 0, next.unit());
  }

  @Override
  public void at(long done, long total) {
    if (phase == Phase.ITERATING) {
      iteration = (int) done;
    }
    progress = new RunBody.ProgressBody(done, total, phase.unit());
  }

  @Override
  public void residual(double last) {
    residual = last;
  }

  @Override
  public void check() {
    if (cancelRequested) {
      throw new RunStoppedException("canceled");
    }
    if (stopping) {
      throw new RunStoppedException("the process stops");
    }
  }

  void begin(Instant now) {
    state = RunState.RUNNING;
    startedAt = now;
  }

  void end(RunState last, @Nullable Report made, @Nullable Problem problem, Instant now) {
    report = made;
    error = problem;
    finishedAt = now;
    state = last;
  }

  void requestCancel() {
    cancelRequested = true;
  }

  void stop() {
    stopping = true;
  }

  boolean isStopping() {
    return stopping;
  }

  boolean cancelRequested() {
    return cancelRequested;
  }

  String id() {
    return id;
  }

  RunRequest request() {
    return request;
  }

  RunState state() {
    return state;
  }

  Phase phase() {
    return phase;
  }

  Instant createdAt() {
    return createdAt;
  }

  @Nullable Report report() {
    return report;
  }

  RunBody body() {
    return new RunBody(
        id,
        "pagerank",
        request.namespace(),
        state.wireName(),
        cancelRequested,
        phase.wireName(),
        progress,
        iteration,
        residual,
        new RunBody.Asked(
            request.settings().damping(),
            request.settings().tolerance(),
            request.settings().maxIterations(),
            request.level().wireName(),
            request.seeds().isEmpty() ? null : request.seeds(),
            request.warm()),
        report,
        error,
        createdAt,
        startedAt,
        finishedAt);
  }
}
