package io.mosaicdb.contract.task;

import io.mosaicdb.contract.error.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code GET /v1/tasks/{id}}.
 *
 * @param state enqueued, running, succeeded or failed
 * @param result what the request would have answered, once it succeeded
 * @param error the problem that it would have answered, once it failed
 */
public record TaskBody(
    String id,
    String kind,
    String state,
    ProgressBody progress,
    @Nullable Object result,
    @Nullable Problem error) {
  public record ProgressBody(long done, long total, String unit) {}
}
