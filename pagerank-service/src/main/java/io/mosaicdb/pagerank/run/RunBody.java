package io.mosaicdb.pagerank.run;

import io.mosaicdb.contract.error.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code GET /v1/pagerank/{id}}, in the shape of a task.
 *
 * @param phase waiting, collecting, building, iterating or publishing; the last one once it ended
 * @param iteration the last that is complete; 0 before the first
 * @param residual how much it changed the ranks; null before the first
 */
record RunBody(
    String id,
    String kind,
    String namespace,
    String state,
    boolean cancelRequested,
    String phase,
    ProgressBody progress,
    int iteration,
    @Nullable Double residual,
    Asked request,
    @Nullable Report result,
    @Nullable Problem error,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {
  /** {@code total} is 0 until it is known. */
  record ProgressBody(long done, long total, String unit) {}

  record Asked(
      double damping,
      double tolerance,
      int maxIterations,
      String level,
      @Nullable Map<String, Double> personalization,
      boolean warmStart) {}

  /** The newest first. */
  record RunList(List<RunBody> runs) {}
}
