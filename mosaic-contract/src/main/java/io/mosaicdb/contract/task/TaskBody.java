package io.mosaicdb.contract.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mosaicdb.contract.error.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code GET /v1/tasks/{id}}.
 *
 * @param state enqueued, running, succeeded, failed or canceled
 * @param cancelRequested it was asked to stop; it does so at its next safe point
 * @param result what the request would have answered, once it succeeded
 * @param error the problem that it would have answered, once it failed
 * @param startedAt when it last began to run; a task that was resumed began more than once
 */
public record TaskBody(
    String id,
    String kind,
    String state,
    ProgressBody progress,
    boolean cancelRequested,
    @Nullable Object result,
    @Nullable Problem error,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {
  /** {@code total} is 0 until it is known. */
  public record ProgressBody(long done, long total, String unit) {}

  /**
   * The newest first.
   *
   * @param missing services whose tasks are not among them, and why; null: none
   */
  public record TaskList(
      List<TaskBody> tasks,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> missing) {
    /** All there are. */
    public static TaskList of(List<TaskBody> tasks) {
      return new TaskList(tasks, null);
    }
  }
}
