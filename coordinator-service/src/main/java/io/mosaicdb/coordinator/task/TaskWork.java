package io.mosaicdb.coordinator.task;

import org.jspecify.annotations.Nullable;

/** What a task does, on a virtual thread of its own. */
@FunctionalInterface
public interface TaskWork {
  /**
   * Returns the task's result, which is shown as JSON. What it throws is the task's error; {@link
   * TaskCanceledException}, which {@link TaskRun#stopIfCanceled} throws, ends it as canceled. An
   * interruption means that the process stops.
   */
  @Nullable Object run(TaskRun run) throws Exception;
}
