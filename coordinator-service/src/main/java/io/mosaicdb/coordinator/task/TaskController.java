package io.mosaicdb.coordinator.task;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.contract.task.TaskBody.TaskList;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/tasks")
class TaskController {
  private static final int MOST = 1000;
  private final Tasks tasks;
  private final OtherTasks others;

  TaskController(Tasks tasks, OtherTasks others) {
    this.tasks = tasks;
    this.others = others;
  }

  @GetMapping
  TaskList list(
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable String kind,
      @RequestParam(defaultValue = "100") int limit) {
    if (limit < 1 || limit > MOST) {
      throw MosaicException.invalidValue(
          "limit", "must be between 1 and " + MOST + ", got " + limit);
    }
    var wanted = TaskState.parse(state, "state");
    return others.merge(tasks.list(wanted, kind, limit), wanted, kind, limit);
  }

  @GetMapping("/{id}")
  TaskBody task(@PathVariable String id) {
    return tasks.knows(id) ? tasks.require(id) : others.find(id).orElseGet(() -> tasks.require(id));
  }

  @PostMapping("/{id}/cancel")
  TaskBody cancel(@PathVariable String id) {
    return tasks.knows(id) ? tasks.cancel(id) : others.cancel(id).orElseGet(() -> tasks.cancel(id));
  }
}
