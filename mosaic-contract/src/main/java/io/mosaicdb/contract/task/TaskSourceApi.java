package io.mosaicdb.contract.task;

import io.mosaicdb.contract.task.TaskBody.TaskList;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** What a service does that takes long, for the coordinator to show among its own tasks. */
@HttpExchange("/internal/v1/tasks")
public interface TaskSourceApi {
  /**
   * The newest first.
   *
   * @param state of those that are wanted; null: any
   */
  @GetExchange
  TaskList tasks(@RequestParam(required = false) @Nullable String state, @RequestParam int limit);

  /** {@code not_found}. */
  @GetExchange("/{id}")
  TaskBody task(@PathVariable String id);

  /** Asks it to stop. {@code not_found}; {@code task_finished}. */
  @PostExchange("/{id}/cancel")
  TaskBody cancel(@PathVariable String id);
}
